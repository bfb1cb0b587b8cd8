import { isUtf8 } from 'node:buffer';

const BACKSLASH = 0x5c;

/**
 * Takes an interface name as the kernel keeps it, bytes, and returns the text it has as a label: valid UTF-8 (RFC
 * 3629: no overlong form, no surrogate, nothing above U+10FFFF) as it is, any other byte as `\xHH`. A backslash
 * becomes `\x5c`, so that every `\` in the result begins an escape and two names never become one series. dev_valid_name
 * (net/core/dev.c) refuses `/`, `:`, white space and nothing else: control characters do arrive here and pass
 * through. Throws nothing.
 */
export function interfaceLabel(name: Buffer): string {
  if (isUtf8(name) && !name.includes(BACKSLASH)) return name.toString('utf8');
  let label = '';
  for (let at = 0; at < name.length; ) {
    const character = name.subarray(at, at + sequenceLength(name[at] as number));
    if (isUtf8(character) && character[0] !== BACKSLASH) {
      label += character.toString('utf8');
      at += character.length;
    } else {
      label += `\\x${name.toString('hex', at, at + 1)}`;
      at += 1;
    }
  }
  return label;
}

// The length a lead byte promises. A byte that cannot lead gets one too, and fails isUtf8 after it.
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
