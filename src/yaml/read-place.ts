import type { Place } from './yaml-place.ts';

/**
 * Takes the place of a mapping, what it is called in messages and the keys it may have, returns the place of each key that
 * is there. Throws the place's SyntaxError for anything but a mapping and for another key.
 */
export function fieldsOf<Key extends string>(
  place: Place,
  what: string,
  allowed: readonly Key[],
): Partial<Record<Key, Place>> {
  const entries = place.entries() ?? wrong(place, what, `a mapping with ${allowed.join(', ')}`);
  const fields: Partial<Record<Key, Place>> = {};
  for (const { key, keyPlace, value } of entries) {
    const known = allowed.find((each) => each === key);
    if (known === undefined) {
      return keyPlace.fail(`Unknown key ${JSON.stringify(key)} of the ${what}: allowed is ${allowed.join(', ')}`);
    }
    fields[known] = value;
  }
  return fields;
}

/** Takes a place, what it is called and the words it may hold, returns the one that stands there. Throws the place's SyntaxError for another. */
export function oneOf<Word extends string>(place: Place, what: string, allowed: readonly Word[]): Word {
  const written = place.scalar();
  return (
    allowed.find((word) => word === written) ??
    place.fail(`Unknown ${what} ${place.describe()}: allowed is ${allowed.join(', ')}`)
  );
}

/** Throws the place's SyntaxError: what stands there, and what is allowed in a few words. */
export function wrong(place: Place, what: string, allowed: string): never {
  return place.fail(`Wrong ${what}, ${place.describe()}: allowed is ${allowed}`);
}
