import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Places } from '../../src/ledger/places.ts';

const HOUR = 3600;

function sum(places: Places): number {
  return places.named.reduce((total, [, count]) => total + count, 0) + places.other + places.expired;
}

/** One spoofed packet from each of so many addresses, each of a group of its own. */
function flood(places: Places, addresses: number, clock: number, name = 'spoof'): void {
  for (let i = 0; i < addresses; i++) places.add(`${name}-${i}`, `group-of-${name}-${i}`, 1, clock);
}

describe('Places', () => {
  it('names whoever comes first, and counts the rest as other', () => {
    const places = new Places(3, HOUR);
    for (const label of ['a', 'b', 'a', 'c', 'd', 'a']) places.add(label, undefined, 1, 0);
    expect(places.named).toEqual([
      ['a', 3],
      ['b', 1],
      ['c', 1],
    ]);
    expect(places).toMatchObject({ other: 1, expired: 0, namings: 3, size: 3, exhausted: 0 });
  });

  it('names a source with 2 % of the flood within a minute, though every place is taken, at a count it has really sent since', () => {
    const places = new Places(100, 24 * HOUR);
    flood(places, 100, 0);
    let named: number | undefined;
    let sentSince = 0;
    for (let second = 1; second <= 120; second++) {
      for (let i = 0; i < 1_000; i++) {
        const isHitter = i % 50 === 0;
        places.add(isHitter ? '192.0.2.66' : `flood-${second}-${i}`, `g-${second}-${i}`, 1, second);
        if (isHitter && named !== undefined) sentSince += 1;
        if (isHitter && named === undefined && places.named.some(([label]) => label === '192.0.2.66')) {
          named = second;
          sentSince = 1;
        }
      }
    }
    expect(named).toBeLessThanOrEqual(60);
    expect(Object.fromEntries(places.named)['192.0.2.66']).toBe(sentSince);
    expect(places.size).toBe(100);
    expect(sum(places)).toBe(100 + 120 * 1_000);
  });

  it('names one that sends slowly but alone', () => {
    const places = new Places(10, 24 * HOUR);
    flood(places, 10, 0);
    for (const clock of [100, 120, 140]) places.add('slow', undefined, 1, clock);
    expect(places.named).toContainEqual(['slow', 1]);
  });

  it('gives a heavy source the place of a spoofed one, never that of another heavy one of the moment', () => {
    const places = new Places(10, 24 * HOUR);
    flood(places, 10, 0);
    for (let second = 1; second < 30; second++) {
      for (const label of ['x', 'y', 'z']) places.add(label, undefined, 5, second);
    }
    const labels = places.named.map(([label]) => label);
    expect(labels).toEqual(expect.arrayContaining(['x', 'y', 'z']));
    expect(labels.filter((label) => label.startsWith('spoof'))).toHaveLength(7);
  });

  it('gives one group a quarter of the places, and at least eight', () => {
    const places = new Places(100, HOUR);
    for (let i = 0; i < 100_000; i++) places.add(`2001:db8::${i}`, '2001:db8::/64', 1, 0);
    for (let i = 0; i < 50; i++) places.add(`198.51.100.${i}`, `198.51.${i}.0/24`, 1, 0);
    expect(places.size).toBe(25 + 50);
    const few = new Places(9, HOUR);
    for (let i = 0; i < 20; i++) few.add(`a-${i}`, 'one', 1, 0);
    expect(few.size).toBe(8);
  });

  it('does not count a proven heavy hitter among its group', () => {
    const places = new Places(100, HOUR);
    for (let i = 0; i < 25; i++) places.add(`early-${i}`, 'one', 1, 0);
    for (let second = 0; second < 10; second++) places.add('late', 'one', 50, second);
    expect(places.named.map(([label]) => label)).toContain('late');
    expect(places.size).toBe(26);
  });

  it('takes the place back after the silence, and counts what it held as expired', () => {
    const places = new Places(2, 60);
    places.add('a', undefined, 5, 0);
    places.add('b', undefined, 1, 30);
    places.review(60);
    expect(places.named).toEqual([['b', 1]]);
    expect(places.expired).toBe(5);
    places.add('a', undefined, 1, 61);
    expect(places.named).toContainEqual(['a', 1]);
    expect(places.namings).toBe(3);
  });

  it('replaces at most as many an hour as there are places, and tells when these are spent', () => {
    const places = new Places(5, 1);
    let peak = 0;
    for (let clock = 0; clock < HOUR; clock += 2) {
      places.add(`a-${clock}`, undefined, 1, clock);
      peak = Math.max(peak, places.size);
    }
    expect(peak).toBe(1);
    expect(places.namings).toBe(10);
    expect(places.exhausted).toBe(HOUR / 2 - 10);
    places.add('later', undefined, 1, HOUR + 12);
    expect(places.namings).toBe(11);
  });

  it('goes on after a restart as if there had been none', () => {
    const event = fc.tuple(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 0, max: 20 }),
    );
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 300 }),
        fc.nat(300),
        fc.integer({ min: 1, max: 12 }),
        (stream, cut, max) => {
          const through = new Places(max, 300);
          let restarted = new Places(max, 300);
          let clock = 0;
          stream.forEach(([number, group, pause], index) => {
            clock += pause;
            if (index === cut) {
              const state = JSON.parse(JSON.stringify(restarted.state(clock)));
              restarted = new Places(max, 300);
              restarted.restore(state, clock, 0);
            }
            through.add(`s-${number}`, `g-${group}`, 1, clock);
            restarted.add(`s-${number}`, `g-${group}`, 1, clock);
          });
          expect(restarted.state(clock)).toEqual(through.state(clock));
        },
      ),
    );
  });

  it('keeps its sums and bounds for any stream, cap and clock', () => {
    const event = fc.record({
      source: fc.integer({ min: 0, max: 60 }),
      times: fc.integer({ min: 1, max: 4 }),
      pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 4_000 })),
    });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 400 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 5_000 }),
        (stream, max, expireAfter) => {
          const places = new Places(max, expireAfter);
          const namings: number[] = [];
          let clock = 0;
          let total = 0;
          let before = new Map<string, number>();
          for (const { source, times, pause } of stream) {
            clock += pause;
            const known = places.namings;
            places.add(`s-${source}`, `g-${source % 3}`, times, clock);
            total += times;
            for (let i = known; i < places.namings; i++) namings.push(clock);
            expect(sum(places)).toBe(total);
            expect(places.size).toBeLessThanOrEqual(max);
            const now = new Map(places.named);
            const ended = [...before].filter(([label, count]) => (now.get(label) ?? 0) < count);
            for (const [label] of ended) expect(now.get(label) ?? 0).toBeLessThanOrEqual(times);
            before = now;
          }
          // The first time a place is taken is no replacement.
          const replacements = namings.length - Math.min(max, namings.length);
          for (let i = 0; i + 2 * max < namings.length; i++) {
            expect((namings[i + 2 * max] as number) - (namings[i] as number)).toBeGreaterThanOrEqual(0);
          }
          const hours = Math.floor(clock / HOUR) + 1;
          expect(replacements).toBeLessThanOrEqual(max * hours);
        },
      ),
    );
  });

  it('stays bounded over 24 hours of sources that come and go', () => {
    const places = new Places(100, HOUR);
    let total = 0;
    for (let second = 0; second < 24 * HOUR; second += 3) {
      places.add(`s-${Math.floor(second / 600)}-${second % 50}`, `g-${second % 7}`, 1, second);
      total += 1;
    }
    expect(places.size).toBeLessThanOrEqual(100);
    expect(places.namings).toBeLessThanOrEqual(100 + 24 * 100);
    expect(JSON.stringify(places.state(24 * HOUR)).length).toBeLessThan(100_000);
    expect(sum(places)).toBe(total);
  });
});
