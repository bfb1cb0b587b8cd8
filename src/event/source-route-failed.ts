import { dynamicDebugDecoration } from './dynamic-debug-decoration.ts';
import type { EventKind } from './event.ts';
import { parseIpv4 } from './parse-address.ts';

const DECORATION = dynamicDebugDecoration({
  module: 'icmp',
  function: 'icmp_unreach',
  file: 'net/ipv4/icmp\\.c',
});

/**
 * A router said (ICMP type 3 code 5) that a packet could not follow its source route: `icmp: X: Source Route Failed`, X being
 * the destination of the packet quoted in that ICMP error, neither its sender nor an attacker. net/ipv4/icmp.c
 * icmp_unreach(); kernels before 3.5 or so write `ICMP:` and end in a full stop.
 */
export const sourceRouteFailed: EventKind = {
  name: 'source_route_failed',
  families: ['ipv4'],
  canLackAddress: false,
  addressRole: 'quoted_destination',
  needles: ['Source Route Failed'],
  parse(message) {
    const source = FORM.exec(message)?.[1];
    if (source === undefined || parseIpv4(source) === undefined) return undefined;
    return { event: 'source_route_failed', family: 'ipv4', source };
  },
};

const FORM = new RegExp(
  `^${DECORATION}(?:(?:IPv4: )?(?:icmp|ICMP): |IPv4: )(\\d[\\d.]+): Source Route Failed\\.?\\s*$`,
);
