import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oldestFirst } from '../../../src/scan/files/oldest-first.ts';

describe('oldestFirst', () => {
  it.each([
    [
      ['kern.log', 'kern.log.1', 'kern.log.10.gz', 'kern.log.2.gz'],
      ['kern.log.10.gz', 'kern.log.2.gz', 'kern.log.1', 'kern.log'],
    ],
    [
      ['kern.log', 'kern.log-20261122', 'kern.log-20261115.gz'],
      ['kern.log-20261115.gz', 'kern.log-20261122', 'kern.log'],
    ],
    [
      ['b.log', 'a.log'],
      ['b.log', 'a.log'],
    ],
    [
      ['/a/kern.log', '/b/kern.log.1', '/a/kern.log.1'],
      ['/a/kern.log.1', '/a/kern.log', '/b/kern.log.1'],
    ],
    [
      ['-', 'kern.log', 'kern.log.1'],
      ['-', 'kern.log.1', 'kern.log'],
    ],
    [
      ['dmesg.0', 'dmesg', 'dmesg.1.gz'],
      ['dmesg.1.gz', 'dmesg.0', 'dmesg'],
    ],
  ])('puts %j in order', (given, expected) => {
    expect(oldestFirst(given)).toEqual(expected);
  });

  it('gives what it was given, in whatever order that was', () => {
    const name = fc
      .tuple(
        fc.constantFrom('a', 'b.log'),
        fc.constantFrom('', '.0', '.1', '.12', '-20261122'),
        fc.constantFrom('', '.gz'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(name), (names) => {
        expect(oldestFirst(names).toSorted()).toEqual(names.toSorted());
      }),
    );
  });
});
