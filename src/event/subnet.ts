import { formatIpv4, formatIpv6 } from './format-address.ts';
import { parseIpv4, parseIpv6 } from './parse-address.ts';

const COLON = 58;
const ZERO = 48;

/**
 * The subnet of a canonical address as `network/bits`. Takes the prefix lengths of IPv4 (0 to 32) and IPv6 (0 to 128). It is asked for at
 * every event of a flood: the usual lengths are cut from the text.
 */
export function subnetOf(address: string, ipv4Bits: number, ipv6Bits: number): string {
  if (!address.includes(':')) {
    if (ipv4Bits === 24) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
    const bits = parseIpv4(address) ?? 0;
    return `${formatIpv4(ipv4Bits === 0 ? 0 : bits & (-1 << (32 - ipv4Bits)))}/${ipv4Bits}`;
  }
  return (ipv6Bits === 64 ? cut64(address) : undefined) ?? masked(address, ipv6Bits);
}

function masked(address: string, bits: number): string {
  const groups = parseIpv6(address) ?? [];
  for (let i = 0; i < 8; i++) {
    const kept = Math.min(16, Math.max(0, bits - 16 * i));
    groups[i] = (groups[i] ?? 0) & (0xffff << (16 - kept)) & 0xffff;
  }
  return `${formatIpv6(groups)}/${bits}`;
}

/** The first four groups, or those before `::` when what follows it is in the other four; undefined when that cannot be seen at once. */
function cut64(address: string): string | undefined {
  let colons = 0;
  for (let i = 0; i < address.length; i++) {
    if (address.charCodeAt(i) !== COLON) continue;
    colons += 1;
    if (address.charCodeAt(i + 1) === COLON)
      return colonsFrom(address, i + 2) < 4 ? `${address.slice(0, i)}::/64` : undefined;
    if (colons === 4) return `${withoutLastZeros(address, i)}::/64`;
  }
  return undefined;
}

function colonsFrom(text: string, start: number): number {
  let colons = 0;
  for (let i = start; i < text.length; i++) if (text.charCodeAt(i) === COLON) colons += 1;
  return colons;
}

/** `2001:db8:1:0` of the first four groups is written `2001:db8:1` before `::`. */
function withoutLastZeros(text: string, length: number): string {
  let end = length;
  while (text.charCodeAt(end - 1) === ZERO && text.charCodeAt(end - 2) === COLON) end -= 2;
  return text.slice(0, end);
}
