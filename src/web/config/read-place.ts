import { fieldsOf, wrong } from '../../yaml/read-place.ts';
import type { Place } from '../../yaml/yaml-place.ts';

/** The text at a place, a number or a boolean as its text; '' where nothing stands. Throws the place's SyntaxError for a list or a mapping. */
export function readText(place: Place, what: string): string {
  const written = place.scalar();
  return written === undefined ? wrong(place, what, 'a text') : String(written ?? '');
}

/** A boolean; the words `yes`, `no`, `on` and `off` are ones too, because to the exporter-toolkit's YAML 1.1 they are. */
export function readBoolean(place: Place, what: string): boolean {
  const word = String(place.scalar()).toLowerCase();
  if (['true', 'yes', 'on'].includes(word)) return true;
  if (['false', 'no', 'off'].includes(word)) return false;
  return wrong(place, what, 'true or false');
}

/** The places of a list of texts; undefined where nothing or an empty list stands. */
export function readList(place: Place | undefined, what: string): readonly Place[] | undefined {
  if (place === undefined || place.scalar() === null) return undefined;
  const items = place.items() ?? wrong(place, what, 'a list');
  return items.length === 0 ? undefined : items;
}

/**
 * The fields of a section; none where nothing stands. Throws the place's SyntaxError for anything but a mapping without showing it:
 * a key or a password may have come there by mistake.
 */
export function readSection<Key extends string>(
  place: Place,
  what: string,
  allowed: readonly Key[],
): Partial<Record<Key, Place>> {
  if (place.scalar() === null) return {};
  if (place.entries() === undefined) place.fail(`Wrong ${what}: allowed is a mapping with ${allowed.join(', ')}`);
  return fieldsOf(place, what, allowed);
}
