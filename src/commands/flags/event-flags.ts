import type { Flag } from './flags.ts';

/** What counts as an event and how many addresses are named: the same for every command that counts. */
export const EVENT_FLAGS = [
  {
    name: 'netfilter.log-prefix',
    type: 'list',
    default: ['SRC ROUTE ATTEMPT: '],
    value: 'TEXT',
    help: 'Netfilter LOG lines that begin with this count as source_route_attempt. Repeatable.',
  },
  {
    name: 'sources.max',
    type: 'text',
    default: '100',
    value: 'N',
    help: 'Addresses with a series of their own, per event, and as many subnets; the rest is "other". 1 to 10000.',
  },
  {
    name: 'sources.known',
    type: 'list',
    default: [],
    value: 'CIDR=NAME',
    help: 'Expected senders (the weekly scanner): counted as origin="known". Repeatable.',
  },
  {
    name: 'sources.expire-after',
    type: 'text',
    default: '24h',
    value: 'DURATION',
    help: 'An address that is silent for so long gives its place back.',
  },
  {
    name: 'sources.ipv4-subnet',
    type: 'text',
    default: '24',
    value: 'BITS',
    help: 'Prefix length of the IPv4 subnets in srcroute_subnet_events_total.',
  },
  {
    name: 'sources.ipv6-subnet',
    type: 'text',
    default: '64',
    value: 'BITS',
    help: 'Prefix length of the IPv6 subnets in srcroute_subnet_events_total.',
  },
] as const satisfies readonly Flag[];
