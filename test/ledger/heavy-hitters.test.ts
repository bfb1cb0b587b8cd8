import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeavyHitters } from '../../src/ledger/heavy-hitters.ts';

/** Each label so often, in an order that a seed decides. */
function shuffled(counts: Record<string, number>, seed: number): string[] {
  const labels = Object.entries(counts).flatMap(([label, count]) => new Array<string>(count).fill(label));
  let state = seed | 1;
  for (let i = labels.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const j = state % (i + 1);
    [labels[i], labels[j]] = [labels[j] as string, labels[i] as string];
  }
  return labels;
}

describe('HeavyHitters', () => {
  it('finds every label with 2 % of a flood of spoofed ones, whatever their order', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 3 }), (seed, hitters) => {
        const heavy = new HeavyHitters();
        const counts: Record<string, number> = {};
        for (let i = 0; i < 5_000; i++) counts[`spoof-${i}`] = 1;
        for (let i = 0; i < hitters; i++) counts[`hitter-${i}`] = 120;
        for (const label of shuffled(counts, seed)) heavy.add(label, 1, 5);
        const found = heavy.heavierThan(0.75 * 0.02, 5);
        expect(found.sort()).toEqual(Array.from({ length: hitters }, (_, i) => `hitter-${i}`));
      }),
      { numRuns: 50 },
    );
  });

  it('calls no label heavy that sent less than the share', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 4_000 }), (stream) => {
        const heavy = new HeavyHitters();
        const truth = new Map<string, number>();
        for (const number of stream) {
          const label = String(number);
          heavy.add(label, 1, 0);
          truth.set(label, (truth.get(label) ?? 0) + 1);
        }
        for (const label of heavy.heavierThan(0.01, 0)) {
          expect(truth.get(label)).toBeGreaterThanOrEqual(Math.max(2, 0.01 * stream.length));
        }
      }),
    );
  });

  it('adds weights up as it adds repetitions up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 5 })), { maxLength: 2_000 }),
        (stream) => {
          const heavy = new HeavyHitters();
          const truth = new Map<string, number>();
          let total = 0;
          for (const [number, times] of stream) {
            heavy.add(String(number), times, 0);
            truth.set(String(number), (truth.get(String(number)) ?? 0) + times);
            total += times;
          }
          const [[, , counts] = [0, 0, []]] = heavy.state(0);
          for (const [label, count] of counts) {
            const real = truth.get(label) ?? 0;
            expect(count).toBeLessThanOrEqual(real);
            expect(real - count).toBeLessThanOrEqual(total / 257);
          }
        },
      ),
    );
  });

  it('forgets what is a minute old', () => {
    const heavy = new HeavyHitters();
    for (let i = 0; i < 100; i++) heavy.add('early', 1, 0);
    expect(heavy.heavierThan(0.5, 49)).toEqual(['early']);
    expect(heavy.heavierThan(0.5, 60)).toEqual([]);
  });

  it('counts what it need not watch in the total', () => {
    const heavy = new HeavyHitters();
    heavy.add('a', 10, 0);
    heavy.pass(990, 0);
    expect(heavy.heavierThan(0.011, 0)).toEqual([]);
    expect(heavy.heavierThan(0.01, 0)).toEqual(['a']);
  });

  it('goes on after a restart, less the time that has passed', () => {
    const before = new HeavyHitters();
    before.add('a', 10, 100);
    const after = new HeavyHitters();
    after.restore(JSON.parse(JSON.stringify(before.state(100))), 3, 20);
    expect(after.heavierThan(0.5, 3)).toEqual(['a']);
    expect(after.heavierThan(0.5, 45)).toEqual([]);
  });

  it('keeps no more counters than six times 256 in any flood', () => {
    const heavy = new HeavyHitters();
    for (let i = 0; i < 200_000; i++) heavy.add(`spoof-${i}`, 1, i / 1_000);
    const kept = heavy.state(200).reduce((sum, [, , counts]) => sum + counts.length, 0);
    expect(kept).toBeLessThanOrEqual(6 * 256);
  });
});
