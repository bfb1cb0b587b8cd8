import { canonicalAddress } from './address.ts';
import type { EventKind } from './event.ts';
import { rememberLast } from './remember-last.ts';

/**
 * A firewall rule logged a packet: a netfilter LOG line that begins with one of the given prefixes (as text; UTF-8 is compared
 * byte by byte). Format: net/netfilter/nf_log_syslog.c, the same for iptables' LOG and nftables' `log prefix`:
 *
 *     SRC ROUTE ATTEMPT: IN=eth0 OUT= MAC=… SRC=2001:0db8:… DST=2001:0db8:… LEN=75 … [SRC=… DST=… ]
 *
 * An ICMP error is followed by the packet it quotes in brackets, with addresses of its own: only the first `SRC=` counts.
 */
export function sourceRouteAttempt(prefixes: readonly string[]): EventKind {
  const needles = [...new Set(prefixes.flatMap(spellings))];
  return {
    name: 'source_route_attempt',
    families: ['ipv4', 'ipv6'],
    canLackAddress: false,
    addressRole: 'sender',
    needles,
    parse(message) {
      for (const prefix of needles) {
        if (!message.startsWith(prefix)) continue;
        FORM.lastIndex = prefix.length;
        const [, inInterface = '', src = '', dst = ''] = FORM.exec(message) ?? [];
        const source = canonicalAddress(src);
        const destination = destinationOf(dst);
        const family = familyOf(src);
        if (source === undefined || destination === undefined || family !== familyOf(dst)) continue;
        return { event: 'source_route_attempt', family, source, destination, interface: inInterface };
      }
      return undefined;
    },
  };
}

/**
 * What follows the prefix. Between OUT= and SRC= stand PHYSIN, PHYSOUT, MAC or MACSRC, MACDST, VPROTO, VID, MACPROTO and TUNNEL.
 * A value ends at the next space, so an interface that is called `SRC=192.0.2.1` names nobody.
 */
const FORM = / *IN=(\S*) OUT=\S* (?:(?!SRC=)[A-Z]+=\S* )*SRC=(\S+) DST=(\S+)(?: |$)/y;

const destinationOf = rememberLast(canonicalAddress);

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** A prefix as its bytes stand in a file, and as /dev/kmsg escapes them. */
function spellings(prefix: string): string[] {
  const bytes = Buffer.from(prefix, 'utf8').toString('latin1');
  const escaped = bytes.replace(/[^ -[\]-~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return [bytes, escaped];
}
