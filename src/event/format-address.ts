/** Numbers are made text once: an address is made of every line. */
const OCTETS = Array.from({ length: 256 }, (_, octet) => String(octet));
const BYTES = OCTETS.map((_, byte) => byte.toString(16));

/** A dotted quad. Takes 32 bits. */
export function formatIpv4(bits: number): string {
  return `${OCTETS[bits >>> 24]}.${OCTETS[(bits >>> 16) & 255]}.${OCTETS[(bits >>> 8) & 255]}.${OCTETS[bits & 255]}`;
}

/** RFC 5952 section 4: lower case, no leading zeros, `::` for the longest run of two or more zero groups, the first of equals. Takes eight groups. */
export function formatIpv6(groups: readonly number[]): string {
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
  let text = '';
  // Not asked of the text: that would put its pieces together each time.
  let needsColon = false;
  for (let i = 0; i < 8; i++) {
    if (i === start) {
      text += '::';
      needsColon = false;
      i += length - 1;
    } else {
      const group = groups[i] as number;
      const digits = group < 256 ? (BYTES[group] as string) : group.toString(16);
      text += needsColon ? `:${digits}` : digits;
      needsColon = true;
    }
  }
  return text;
}
