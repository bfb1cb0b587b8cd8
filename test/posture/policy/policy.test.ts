import { describe, expect, it } from 'vitest';
import { KNOWN_SYSCTLS } from '../../../src/posture/policy/known-sysctls.ts';
import { BUILT_IN_POLICY, complies, type Expectation } from '../../../src/posture/policy/policy.ts';

describe('complies', () => {
  it.each<[number, Expectation, boolean]>([
    [0, 0, true],
    [1, 0, false],
    [-1, 0, false],
    [1, [1, 2], true],
    [0, [1, 2], false],
    [-1, { max: 0 }, true],
    [0, { max: 0 }, true],
    [1, { max: 0 }, false],
    [1, { min: 1 }, true],
    [0, { min: 1 }, false],
    [2, { min: 1, max: 2 }, true],
    [3, { min: 1, max: 2 }, false],
  ])('%d against %j is %s', (value, expectation, expected) => {
    expect(complies(value, expectation)).toBe(expected);
  });
});

describe('BUILT_IN_POLICY', () => {
  it('expects no source routing, and lets IPv6 be stricter than 0', () => {
    expect(BUILT_IN_POLICY.map(({ family, sysctl, expect, combine }) => ({ family, sysctl, expect, combine }))).toEqual(
      [
        { family: 'ipv4', sysctl: 'accept_source_route', expect: 0, combine: 'and' },
        { family: 'ipv6', sysctl: 'accept_source_route', expect: { max: 0 }, combine: 'min' },
      ],
    );
  });

  it('combines as the table of known sysctls does', () => {
    for (const { sysctl, family, combine } of BUILT_IN_POLICY)
      expect(KNOWN_SYSCTLS.get(sysctl)?.[family]).toBe(combine);
  });
});
