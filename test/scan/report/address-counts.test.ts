import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressCounts, addressOf, keyOf } from '../../../src/scan/report/address-counts.ts';

describe('AddressCounts', () => {
  it('gives an address back as it was', () => {
    for (const address of ['0.0.0.0', '255.255.255.255', '::', '::1', '2001:db8::bad:1', '::ffff:0:0:1', 'fe80::1']) {
      const key = new Uint32Array(4);
      keyOf(address, key);
      expect(addressOf(key)).toBe(address);
    }
  });

  it('counts as a map does while there is room, also in two parts', () => {
    const entry = fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4000, size: 'max' }), fc.nat(4000), (entries, cut) => {
        const expected = new Map<string, number>();
        const [whole, other] = [new AddressCounts(), new AddressCounts()];
        for (const [index, [n, times]] of entries.entries()) {
          const address = n % 2 === 0 ? `10.0.${n >> 8}.${n & 255}` : `2001:db8::${(n + 1).toString(16)}`;
          expected.set(address, (expected.get(address) ?? 0) + times);
          (index < cut ? whole : other).add(address, times);
        }
        whole.merge(other.take());
        expect(new Map(whole.top(10_000).map(({ address, count }) => [address, count]))).toEqual(expected);
        expect({ size: whole.size, short: whole.short }).toEqual({ size: expected.size, short: 0 });
      }),
      { numRuns: 30 },
    );
  });

  it('is never too high, and too low by no more than it says, when there are too many', () => {
    const stream = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 5 })), {
      maxLength: 500,
    });
    fc.assert(
      fc.property(stream, (entries) => {
        const truth = new Map<string, number>();
        let lowered = 0;
        const counts = new AddressCounts((_, times) => {
          lowered += times;
        }, 8);
        let total = 0;
        for (const [n, times] of entries) {
          const address = `192.0.2.${n}`;
          truth.set(address, (truth.get(address) ?? 0) + times);
          total += times;
          counts.add(address, times);
        }
        const rows = counts.top(1000);
        const found = new Map(rows.map(({ address, count }) => [address, count]));
        for (const [address, true_] of truth) {
          const count = found.get(address) ?? 0;
          expect(count).toBeLessThanOrEqual(true_);
          expect(count).toBeGreaterThanOrEqual(true_ - counts.short);
        }
        expect(counts.short).toBeLessThanOrEqual(total / 9);
        expect(rows.reduce((sum, { count }) => sum + count, 0) + lowered).toBe(total);
      }),
    );
  });

  it('names those with the highest counts first, and equal ones by their text', () => {
    const counts = new AddressCounts();
    for (const [address, times] of [
      ['192.0.2.9', 1],
      ['192.0.2.1', 2],
      ['192.0.2.3', 2],
      ['2001:db8::1', 5],
    ] as const)
      counts.add(address, times);
    expect(counts.top(3)).toEqual([
      { address: '2001:db8::1', count: 5 },
      { address: '192.0.2.1', count: 2 },
      { address: '192.0.2.3', count: 2 },
    ]);
    expect(counts.top(0)).toEqual([]);
  });
});
