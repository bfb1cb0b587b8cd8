import { describe, expect, it } from 'vitest';
import { describeExpectation, wantedValue } from '../../../src/check/remedies/wanted-value.ts';
import { complies, type Expectation } from '../../../src/posture/policy/policy.ts';

const CASES: readonly [Expectation, number, string][] = [
  [0, 0, '0'],
  [[1, 2], 1, '1 or 2'],
  [{ max: 0 }, 0, 'at most 0'],
  [{ min: 1 }, 1, 'at least 1'],
  [{ max: -1 }, -1, 'at most -1'],
  [{ min: -2, max: 5 }, 0, 'from -2 to 5'],
  [{ min: 3, max: 5 }, 3, 'from 3 to 5'],
];

describe('wantedValue', () => {
  it.each(CASES)('of %j is %d, and complies', (expectation, value, text) => {
    expect(wantedValue(expectation)).toBe(value);
    expect(complies(value, expectation)).toBe(true);
    expect(describeExpectation(expectation)).toBe(text);
  });
});
