import { describe, expect, it } from 'vitest';
import type { Combine } from '../../../src/posture/policy/policy.ts';
import { effectiveValue } from '../../../src/posture/runtime/effective.ts';

describe('effectiveValue', () => {
  it.each<[Combine, number | undefined, number | undefined, number | undefined]>([
    ['and', 0, 1, 0],
    ['and', 1, 0, 0],
    ['and', 2, -5, 1],
    ['or', 0, 0, 0],
    ['or', 0, -1, 1],
    ['or', 2, 0, 1],
    ['max', 0, 2, 2],
    ['max', 1, -1, 1],
    ['min', 0, -1, -1],
    ['min', -1, 1, -1],
    ['min', 1, 2, 1],
    ['interface', 1, 0, 0],
    ['interface', undefined, 2, 2],
    ['interface', 0, undefined, undefined],
    ['and', undefined, 0, undefined],
    ['or', 1, undefined, undefined],
    ['max', undefined, 1, undefined],
    ['min', undefined, undefined, undefined],
  ])('%s of all=%s and the interface=%s is %s', (combine, all, own, expected) => {
    expect(effectiveValue(combine, all, own)).toBe(expected);
  });

  // IN_DEV_RX_REDIRECTS, the whole truth table.
  it.each<[number, number, number | undefined, number | undefined]>([
    [0, 0, 0, 0],
    [0, 0, 1, 0],
    [0, 1, 0, 1],
    [0, 1, 1, 0],
    [1, 0, 0, 1],
    [1, 0, 1, 0],
    [1, 1, 0, 1],
    [1, 1, 1, 1],
    [2, -1, 0, 1],
    [0, 1, -1, 0],
    [1, 1, undefined, 1],
    [0, 0, undefined, 0],
    [1, 0, undefined, undefined],
    [0, 1, undefined, undefined],
  ])('redirects of all=%s and the interface=%s with forwarding=%s is %s', (all, own, forwarding, expected) => {
    expect(effectiveValue('redirects', all, own, forwarding)).toBe(expected);
  });
});
