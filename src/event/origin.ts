import { BlockList, isIP } from 'node:net';
import { canonicalAddress } from './address.ts';

/** Who an event's address is to this host: the label `origin` of `srcroute_events_total`. */
export type Origin = 'local' | 'known' | 'unknown' | 'external';

/** Senders that are expected, each a prefix with a name. */
export interface KnownSenders {
  /** The name of the first prefix that holds a canonical address, or undefined. */
  nameOf(address: string): string | undefined;
}

/**
 * Takes `CIDR=name` or `address=name`, as given to --sources.known, in order. Throws SyntaxError naming the text that is
 * not of this form.
 */
export function knownSenders(texts: readonly string[]): KnownSenders {
  const senders = texts.map((text) => {
    const [, given = '', bits, name = ''] = /^([^/=]+)(?:\/(\d{1,3}))?=(.+)$/.exec(text) ?? [];
    const address = canonicalAddress(given);
    const isMapped = address !== undefined && isIP(given) !== isIP(address);
    const family = isIP(address ?? '');
    const most = family === 6 ? 128 : 32;
    const length = bits === undefined ? most : Number(bits) - (isMapped ? 96 : 0);
    if (address === undefined || length < 0 || length > most) {
      throw new SyntaxError(
        `Cannot use "${text}": expected CIDR=name, such as 192.0.2.0/24=scanner or 2001:db8::/32=scanner`,
      );
    }
    const prefix = new BlockList();
    prefix.addSubnet(address, length, family === 6 ? 'ipv6' : 'ipv4');
    return { name, family, prefix };
  });
  return {
    nameOf(address) {
      // BlockList takes IPv4 for a part of IPv6; ::/0 is not meant to hold it.
      const family = isIP(address);
      return senders.find(
        (sender) => sender.family === family && sender.prefix.check(address, family === 6 ? 'ipv6' : 'ipv4'),
      )?.name;
    },
  };
}

/**
 * Where an event comes from. Takes its canonical address (undefined when the kernel printed none), this host's own
 * addresses, and the expected senders. An address that is both ours and expected is ours: it was not sent to us by anyone.
 */
export function originOf(address: string | undefined, own: ReadonlySet<string>, known: KnownSenders): Origin {
  if (address === undefined) return 'unknown';
  if (own.has(address)) return 'local';
  return known.nameOf(address) === undefined ? 'external' : 'known';
}
