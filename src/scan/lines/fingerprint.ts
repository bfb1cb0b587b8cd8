/** Bytes of a word that are looked for at once. */
export const FINGERPRINT_BYTES = 3;

/** Characters of kernel logs, the most frequent first, counted in the captures of test/fixtures/kernel. Others are rarer. */
const FREQUENT = ' 0:e21or6n89il-k4fb3tads5.7cpxm[],vTPuINg=CS_y+Ah>MEROD;LB<U';

/**
 * The bytes of a word that are rarest in kernel logs, next to each other: a line without them need not be looked at. One character a byte. A
 * shorter word gives what it has.
 */
export function fingerprint(word: string): string {
  let rarest = word.slice(0, FINGERPRINT_BYTES);
  for (let start = 1; start + FINGERPRINT_BYTES <= word.length; start++) {
    const candidate = word.slice(start, start + FINGERPRINT_BYTES);
    if (rarity(candidate) > rarity(rarest)) rarest = candidate;
  }
  return rarest;
}

function rarity(text: string): number {
  return [...text].reduce((sum, character) => sum + rank(character), 0);
}

function rank(character: string): number {
  const index = FREQUENT.indexOf(character);
  return index < 0 ? FREQUENT.length : index;
}
