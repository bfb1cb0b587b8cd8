import { isIPv4, isIPv6 } from 'node:net';

/**
 * The one spelling of an address: dotted quad for IPv4, RFC 5952 for IPv6, IPv4-mapped IPv6 as IPv4. The kernel prints
 * one host in several ways (`%pI6` is padded, `%pI6c` compressed), and each spelling would be a label value of its own.
 * Takes an address as text and gives undefined for anything that is not one; a zone (`fe80::1%eth0`) is not part of an
 * address, and no kernel line has one.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  if (text.includes('%') || !isIPv6(text)) return undefined;
  const groups = ipv6Groups(text);
  const [a, b, c, d, e, f, g = 0, h = 0] = groups;
  if (f === 0xffff && !(a || b || c || d || e)) return `${g >> 8}.${g & 255}.${h >> 8}.${h & 255}`;
  return compressed(groups);
}

/** Eight 16-bit groups of a valid IPv6 address. */
function ipv6Groups(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const before = groupsOf(head);
  if (tail === undefined) return before;
  const after = groupsOf(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return Number.parseInt(group, 16);
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

/** RFC 5952 section 4: lower case, no leading zeros, `::` for the longest run of two or more zero groups, the first of equals. */
function compressed(groups: readonly number[]): string {
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) {
      start = i;
      length = end - i;
    }
    if (end > i) i = end;
  }
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}
