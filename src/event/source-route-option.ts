import type { EventKind } from './event.ts';
import { parseIpv4 } from './parse-address.ts';

/**
 * The host refused an IPv4 packet with a source route: `IPv4: source route option A -> B`, A and B being the packet's source
 * and current destination. Printed only with log_martians on. net/ipv4/ip_input.c ip_rcv_options(); kernels before 3.5 or so
 * print no `IPv4: `.
 */
export const sourceRouteOption: EventKind = {
  name: 'source_route_option',
  families: ['ipv4'],
  canLackAddress: false,
  addressRole: 'sender',
  needles: ['source route option'],
  parse(message) {
    const [, source, destination] = FORM.exec(message) ?? [];
    if (source === undefined || destination === undefined) return undefined;
    if (parseIpv4(source) === undefined || parseIpv4(destination) === undefined) return undefined;
    return { event: 'source_route_option', family: 'ipv4', source, destination };
  },
};

const FORM = /^(?:IPv4: )?source route option (\d[\d.]+) -> (\d[\d.]+)\s*$/;
