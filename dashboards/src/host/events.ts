import type { Row } from '../board.ts';
import { NEW_STATES } from '../columns.ts';
import { type Addresses, addressQueries } from '../event-queries.ts';
import { graph } from '../graph.ts';
import { select } from '../select.ts';
import { table } from '../table.ts';

/** On how many hosts is no question here. */
function ofOneHost(addresses: Addresses): string[] {
  const [events, , isNew] = addressQueries(addresses);
  return [events, isNew];
}

/** What this host saw. */
export const EVENTS: Row = {
  title: 'Events',
  panels: [
    graph({
      title: 'Rate by kind and origin',
      about: {
        means:
          'Events a second by kind and by whose address it is: external (a stranger), known (an expected sender), local (this host itself), unknown (the kernel printed no address).',
        not: 'Kinds are views of the same packets and never add up. A line at 0 means nothing where that kind cannot be seen: look at «Would it be seen?».',
        next: 'local: this host provoked it itself, for instance by answering forged or dead neighbours.',
      },
      width: 12,
      height: 9,
      queries: [
        {
          expr: `sum by (event, origin) (rate(${select('srcroute_events_total')}[$__rate_interval]))`,
          legend: '{{event}}, {{origin}}',
        },
      ],
      unit: 'cps',
      noValue: 'cannot be told: the host does not answer',
    }),
    table({
      title: 'Events in range',
      about: {
        means:
          'For each kind: how many within the time range, how many addresses were named that had no name before, when the last one was logged, and what the address in the line is.',
        not: 'Rows are views of the same packets: never add them up. A source that was named, forgotten and named again counts as named twice.',
        next: 'What each kind proves is in the last panel of the overview.',
      },
      width: 12,
      height: 9,
      queries: [
        `sum by (event, address_role) (
  increase(${select('srcroute_events_total')}[$__range])
  * on (job, instance, event) group_left (address_role) ${select('srcroute_event_info')}
)`,
        `sum by (event) (increase(${select('srcroute_new_sources_total')}[$__range]))`,
        `1000 * max by (event) (${select('srcroute_event_last_seen_timestamp_seconds')})`,
      ],
      columns: [
        { field: 'event', title: 'Event' },
        { field: 'Value #A', title: 'In range', width: 90 },
        { field: 'Value #B', title: 'New addresses', width: 120 },
        { field: 'Value #C', title: 'Last', unit: 'dateTimeFromNow', width: 130 },
        { field: 'address_role', title: 'The address is' },
      ],
      sortBy: 'In range',
      noValue: 'cannot be told: the host does not answer',
    }),
    table({
      title: 'Senders',
      about: {
        means: 'Source addresses of packets with a source route within the time range, the 50 most frequent.',
        not: 'Addresses can be forged. The same packets can stand in two rows, once for each kind. «other» is what has no place of its own.',
        next: 'See on the overview whether the same address hits other hosts. Blocking one address rarely helps.',
      },
      width: 12,
      height: 9,
      queries: ofOneHost({ metric: 'srcroute_source_events_total', label: 'source_ip', senders: true }),
      columns: [
        { field: 'source_ip', title: 'Sender' },
        { field: 'event', title: 'Event', width: 180 },
        { field: 'Value #A', title: 'Events', width: 90 },
        { field: 'Value #B', title: 'New', width: 110, states: NEW_STATES },
      ],
      sortBy: 'Events',
      noValue: 'no sender in this range',
    }),
    table({
      title: 'Subnets',
      about: {
        means: 'The same senders by subnet (by default /24 for IPv4 and /64 for IPv6), the 50 most frequent.',
        not: 'Not proof against the owner of the subnet. «other» is what has no place of its own.',
        next: 'A subnet with far more events than any of its addresses: block or limit the subnet, if anything.',
      },
      width: 12,
      height: 9,
      queries: ofOneHost({ metric: 'srcroute_subnet_events_total', label: 'subnet', senders: true }),
      columns: [
        { field: 'subnet', title: 'Subnet' },
        { field: 'event', title: 'Event', width: 180 },
        { field: 'Value #A', title: 'Events', width: 90 },
        { field: 'Value #B', title: 'New', width: 110, states: NEW_STATES },
      ],
      sortBy: 'Events',
      noValue: 'no sender in this range',
    }),
    table({
      title: 'Addresses that are not senders',
      about: {
        means:
          'Addresses that kernel lines name without having sent a source-routed packet: destinations quoted in ICMP errors, and sources of ICMPv6 errors that were not answered, possibly this host itself.',
        not: 'Not attackers: do not block what stands here.',
        next: 'A quoted destination that means something to you: look for a local program that sends source-routed packets there. Otherwise nothing.',
      },
      width: 24,
      height: 7,
      queries: ofOneHost({ metric: 'srcroute_source_events_total', label: 'source_ip', senders: false }),
      columns: [
        { field: 'source_ip', title: 'Address' },
        { field: 'address_role', title: 'What it is' },
        { field: 'event', title: 'Event' },
        { field: 'Value #A', title: 'Events', width: 90 },
        { field: 'Value #B', title: 'New', width: 110, states: NEW_STATES },
      ],
      sortBy: 'Events',
      noValue: 'none in this range',
    }),
  ],
};
