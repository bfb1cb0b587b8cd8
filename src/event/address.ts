import { formatIpv4, formatIpv6 } from './format-address.ts';
import { parseIpv4, parseIpv6 } from './parse-address.ts';

/**
 * The one spelling of an address: dotted quad for IPv4, RFC 5952 for IPv6, IPv4-mapped IPv6 as IPv4. The kernel prints
 * one host in several ways (`%pI6` is padded, `%pI6c` compressed), and each spelling would be a label value of its own.
 * Takes an address as text and gives undefined for anything that is not one; a zone (`fe80::1%eth0`) is not part of an
 * address, and no kernel line has one. What it gives is never a slice of what it takes: a slice kept as a label would keep the
 * whole chunk of the log that it was cut from.
 */
export function canonicalAddress(text: string): string | undefined {
  if (!text.includes(':')) {
    const bits = parseIpv4(text);
    return bits === undefined ? undefined : formatIpv4(bits);
  }
  const groups = parseIpv6(text);
  if (groups === undefined) return undefined;
  const [a, b, c, d, e, f, g = 0, h = 0] = groups;
  const isMapped = f === 0xffff && !(a || b || c || d || e);
  return isMapped ? formatIpv4(g * 65_536 + h) : formatIpv6(groups);
}
