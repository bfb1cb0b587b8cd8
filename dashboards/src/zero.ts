/**
 * A figure that is 0 where nothing is found and missing where nothing could be looked at. Takes the expression of what is found
 * and one that has a value, by the same labels, wherever one could look. A bare `or vector(0)` would say 0 of a fleet
 * that nobody scrapes.
 */
export function orZero(found: string, looked: string): string {
  return `${found}
or 0 * ${looked}`;
}
