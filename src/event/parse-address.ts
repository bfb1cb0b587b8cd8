const DOT = 46;
const COLON = 58;
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
  const groups = [0, 0, 0, 0, 0, 0, 0, 0];
  let count = 0;
  /** Before which group `::` stands. */
  let gap = -1;
  let group = 0;
  let digits = 0;
  let i = 0;
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return undefined;
    gap = 0;
    i = 2;
  }
  for (let start = i; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = hexDigit(code);
    if (digit >= 0) {
      group = group * 16 + digit;
      digits += 1;
      if (digits > 4) return undefined;
    } else if (code === COLON) {
      if (digits === 0 || count === 8) return undefined;
      groups[count++] = group;
      group = 0;
      digits = 0;
      if (text.charCodeAt(i + 1) === COLON) {
        if (gap >= 0) return undefined;
        gap = count;
        i += 1;
      } else if (i + 1 === text.length) {
        return undefined;
      }
      start = i + 1;
    } else {
      // The last two groups may be a dotted quad.
      const quad = code === DOT && count <= 6 ? parseIpv4(text.slice(start)) : undefined;
      if (quad === undefined) return undefined;
      groups[count++] = quad >>> 16;
      groups[count++] = quad & 0xffff;
      digits = 0;
      break;
    }
  }
  if (digits > 0) {
    if (count === 8) return undefined;
    groups[count++] = group;
  }
  if (gap < 0) return count === 8 ? groups : undefined;
  return count < 8 ? spread(groups, gap, count) : undefined;
}

/** Moves the groups behind a gap to the end. */
function spread(groups: number[], gap: number, count: number): number[] {
  for (let from = count - 1, to = 7; from >= gap; from--, to--) {
    groups[to] = groups[from] as number;
    groups[from] = 0;
  }
  return groups;
}

/** The value of a hexadecimal digit, or -1. */
function hexDigit(code: number): number {
  if (code >= ZERO && code <= ZERO + 9) return code - ZERO;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
