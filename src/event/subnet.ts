import { formatIpv4, formatIpv6 } from './format-address.ts';
import { parseIpv4, parseIpv6 } from './parse-address.ts';

/** The subnet of a canonical address as `network/bits`. Takes the prefix lengths of IPv4 (0 to 32) and IPv6 (0 to 128). */
export function subnetOf(address: string, ipv4Bits: number, ipv6Bits: number): string {
  if (!address.includes(':')) {
    const bits = parseIpv4(address) ?? 0;
    return `${formatIpv4(ipv4Bits === 0 ? 0 : bits & (-1 << (32 - ipv4Bits)))}/${ipv4Bits}`;
  }
  const groups = parseIpv6(address) ?? [];
  for (let i = 0; i < 8; i++) {
    const kept = Math.min(16, Math.max(0, ipv6Bits - 16 * i));
    groups[i] = (groups[i] ?? 0) & (0xffff << (16 - kept)) & 0xffff;
  }
  return `${formatIpv6(groups)}/${ipv6Bits}`;
}
