import type { Place } from '../../yaml/yaml-place.ts';
import type { Expectation } from './policy.ts';

const ALLOWED = 'an integer, a list of integers, {min: integer}, {max: integer} or both';

// A sysctl is a C int; what lies beyond could never be complied with.
const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

/**
 * Takes the place of a rule's `expect`, returns what it says. Throws the place's SyntaxError for anything but an integer,
 * a list of at least one, or a mapping of `min` and `max` that some integer can meet.
 */
export function parseExpectation(place: Place): Expectation {
  const items = place.items();
  if (items) return items.length > 0 ? items.map(parseInteger) : place.fail(`Empty expect: allowed is ${ALLOWED}`);
  const entries = place.entries();
  if (!entries) return parseInteger(place);

  const range: { min?: number; max?: number } = {};
  for (const { key, keyPlace, value } of entries) {
    if (key !== 'min' && key !== 'max') {
      return keyPlace.fail(`Unknown key ${JSON.stringify(key)} of expect: allowed is min, max`);
    }
    range[key] = parseInteger(value);
  }
  if (entries.length === 0) return place.fail(`Empty expect: allowed is ${ALLOWED}`);
  const { min = INT_MIN, max = INT_MAX } = range;
  return min <= max ? range : place.fail(`Wrong expect: min ${min} is more than max ${max}`);
}

function parseInteger(place: Place): number {
  const value = place.scalar();
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return place.fail(`Wrong expect, ${place.describe()}: allowed is ${ALLOWED}`);
  }
  if (value < INT_MIN || value > INT_MAX) {
    return place.fail(`Wrong expect, ${place.describe()}: a sysctl is from ${INT_MIN} to ${INT_MAX}`);
  }
  return value;
}
