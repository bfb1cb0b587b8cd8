const DOT = 46;
const ZERO = 48;

/** The 32 bits of a dotted quad, or undefined: four decimal numbers up to 255 without leading zeros, as inet_pton(3) takes them. */
export function parseIpv4(text: string): number | undefined {
  let bits = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || dots === 3) return undefined;
      bits = bits * 256 + octet;
      octet = 0;
      digits = 0;
      dots += 1;
    } else {
      if (code < ZERO || code > ZERO + 9 || (digits > 0 && octet === 0)) return undefined;
      octet = octet * 10 + code - ZERO;
      digits += 1;
      if (octet > 255) return undefined;
    }
  }
  return dots === 3 && digits > 0 ? bits * 256 + octet : undefined;
}

/** The eight 16-bit groups of an IPv6 address in any spelling of RFC 4291 section 2.2, or undefined. A zone is not part of an address. */
export function parseIpv6(text: string): number[] | undefined {
  const gap = text.indexOf('::');
  if (gap < 0) {
    const groups = parseGroups(text, 8);
    return groups?.length === 8 ? groups : undefined;
  }
  const before = parseGroups(text.slice(0, gap), 7);
  const after = parseGroups(text.slice(gap + 2), 7 - (before?.length ?? 0));
  if (before === undefined || after === undefined || (before.length > 0 && text.lastIndexOf('.', gap) >= 0))
    return undefined;
  while (before.length + after.length < 8) before.push(0);
  for (const group of after) before.push(group);
  return before;
}

/** Groups between colons, at most so many; the last two may be a dotted quad. */
function parseGroups(text: string, most: number): number[] | undefined {
  const groups: number[] = [];
  if (text === '') return groups;
  let start = 0;
  while (start <= text.length) {
    const colon = text.indexOf(':', start);
    const end = colon < 0 ? text.length : colon;
    if (end - start > 4 && colon < 0) {
      const quad = parseIpv4(text.slice(start));
      if (quad === undefined) return undefined;
      groups.push(quad >>> 16, quad & 0xffff);
    } else {
      const group = parseHex(text, start, end);
      if (group === undefined) return undefined;
      groups.push(group);
    }
    if (groups.length > most) return undefined;
    start = end + 1;
  }
  return groups;
}

/** One to four hexadecimal digits. */
function parseHex(text: string, start: number, end: number): number | undefined {
  if (end === start || end - start > 4) return undefined;
  let group = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    const letter = code | 32;
    if (code >= ZERO && code <= ZERO + 9) group = group * 16 + code - ZERO;
    else if (letter >= 97 && letter <= 102) group = group * 16 + letter - 87;
    else return undefined;
  }
  return group;
}
