import { isIpv4Key } from './address-counts.ts';
import type { SubnetBits } from './findings.ts';

const WORD_BITS = 32;

/** Gives what makes the key of a subnet, that of its first address, from the key of an address in it. What it gives is lent: the next call changes it. */
export function subnetKeys({ ipv4SubnetBits, ipv6SubnetBits }: SubnetBits): (key: Uint32Array) => Uint32Array {
  const subnet = new Uint32Array(4);
  return (key) => {
    // An IPv4 address is the last word of what IPv6 maps it to.
    const bits = isIpv4Key(key) ? 3 * WORD_BITS + ipv4SubnetBits : ipv6SubnetBits;
    for (let word = 0; word < 4; word++) subnet[word] = (key[word] as number) & mask(bits - word * WORD_BITS);
    return subnet;
  };
}

/** The first so many bits of a word. */
function mask(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= WORD_BITS ? -1 : -1 << (WORD_BITS - bits);
}
