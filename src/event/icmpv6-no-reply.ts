import { canonicalAddress } from './address.ts';
import { dynamicDebugDecoration } from './dynamic-debug-decoration.ts';
import type { EventKind } from './event.ts';
import { rememberLast } from './remember-last.ts';

const DECORATION = dynamicDebugDecoration({
  module: 'ipv6',
  function: 'icmpv?6_send',
  file: 'net/ipv6/icmp\\.c',
});

/**
 * The host stays silent because the packet that would have earned an ICMPv6 error is one itself (RFC 4443 section 2.4 e.1):
 * `icmp6_send: no reply to icmp error [A > B]`, A and B being the addresses of that packet. net/ipv6/icmp.c icmp6_send();
 * kernels before 3.10 name the function icmpv6_send, those before 4.4 or so print no addresses, 2.5 ends in `/fragment`.
 */
export const icmpv6NoReply: EventKind = {
  name: 'icmpv6_no_reply',
  families: ['ipv6'],
  canLackAddress: true,
  addressRole: 'answered_packet_source',
  needles: ['no reply to icmp error'],
  parse(message) {
    const match = FORM.exec(message);
    if (match === null) return undefined;
    const [, a, b] = match;
    if (a === undefined || b === undefined) return { event: 'icmpv6_no_reply', family: 'ipv6', source: undefined };
    if (!a.includes(':') || !b.includes(':')) return undefined;
    const source = canonicalAddress(a);
    const destination = destinationOf(b);
    if (source === undefined || destination === undefined) return undefined;
    return { event: 'icmpv6_no_reply', family: 'ipv6', source, destination };
  },
};

const destinationOf = rememberLast(canonicalAddress);

const FORM = new RegExp(
  `^${DECORATION}(?:IPv6: )?icmpv?6_send: no reply to icmp error(?:/fragment)?(?: \\[(\\S+) > (\\S+)\\])?\\s*$`,
);
