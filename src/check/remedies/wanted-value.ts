import { complies, type Expectation } from '../../posture/policy/policy.ts';

/** The value to set for what a policy expects: of a list the first, of a range the one nearest to 0. Pure; throws nothing. */
export function wantedValue(expect: Expectation): number {
  if (typeof expect === 'number') return expect;
  if ('length' in expect) return expect[0] as number;
  if (complies(0, expect)) return 0;
  return expect.min !== undefined && expect.min > 0 ? expect.min : (expect.max as number);
}

/** What a policy expects in a few words, such as `at most 0`. Pure; throws nothing. */
export function describeExpectation(expect: Expectation): string {
  if (typeof expect === 'number') return String(expect);
  if ('length' in expect) return expect.join(' or ');
  const { min, max } = expect;
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `from ${min} to ${max}`;
}
