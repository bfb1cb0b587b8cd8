import type { Row } from '../board.ts';
import { HOST_COLUMN, JOB_COLUMN, NEW_STATES } from '../columns.ts';
import { addressQueries, eventsInRange, FROM_OUTSIDE } from '../event-queries.ts';
import { graph } from '../graph.ts';
import { select } from '../select.ts';
import { table } from '../table.ts';

const HOST = 'job, instance';

/** What was seen, by kind, by sender and by host. */
export const EVENTS: Row = {
  title: 'Events',
  panels: [
    graph({
      title: 'Rate by kind',
      about: {
        means:
          'Events a second on all chosen hosts, one line for each kind of kernel line, from whomever they come. What each kind proves is in the last panel of this board.',
        not: 'The lines are views of the same traffic and never add up. A line at 0 means nothing where that kind cannot be seen. A gap is a time without data. What happened while an exporter was down appears as a step when it is back.',
        next: 'Drag over a peak to narrow the time range: all tables follow it.',
      },
      width: 12,
      height: 9,
      queries: [
        { expr: `sum by (event) (rate(${select('srcroute_events_total')}[$__rate_interval]))`, legend: '{{event}}' },
      ],
      unit: 'cps',
      noValue: 'cannot be told: no host answers',
    }),
    table({
      title: 'Events by host',
      about: {
        means:
          'Hosts that saw something within the time range, and how often, one column for each kind. Attempts and options without this host itself and expected senders.',
        not: 'Columns are views of the same packets: never add them up. An empty cell: nothing was seen there, or it could not be. A host without any event has no row.',
        next: 'Click a host for its own board.',
      },
      width: 12,
      height: 9,
      queries: [
        `${eventsInRange('source_route_attempt', FROM_OUTSIDE, HOST)} > 0`,
        `${eventsInRange('source_route_option', FROM_OUTSIDE, HOST)} > 0`,
        `${eventsInRange('source_route_failed', '', HOST)} > 0`,
        `${eventsInRange('icmpv6_no_reply', '', HOST)} > 0`,
        `1000 * (max by (${HOST}) (${select('srcroute_event_last_seen_timestamp_seconds')}) > time() - $__range_s)`,
      ],
      columns: [
        HOST_COLUMN,
        { field: 'Value #A', title: 'Attempts', width: 90 },
        { field: 'Value #B', title: 'Options refused', width: 120 },
        { field: 'Value #C', title: 'Route failed', width: 100 },
        { field: 'Value #D', title: 'ICMPv6 no reply', width: 120 },
        { field: 'Value #E', title: 'Last', unit: 'dateTimeFromNow', width: 130 },
        JOB_COLUMN,
      ],
      sortBy: 'Attempts',
      noValue: 'no host saw an event in this range',
    }),
    table({
      title: 'Top senders',
      about: {
        means:
          'Source addresses of packets with a source route within the time range, the 50 most frequent: how many events of which kind, on how many hosts, and whether the address was seen in the hour before.',
        not: 'Source addresses can be forged: an address here is not proof against anyone. The same packets can stand in two rows, once for each kind. Expected senders and this host itself are in it too. «other» is what has no place of its own (--sources.max).',
        next: 'One address that hits many hosts is a scan: look it up, ask its network. Blocking one address rarely helps. An expected scanner belongs in --sources.known.',
      },
      width: 12,
      height: 10,
      queries: addressQueries({ metric: 'srcroute_source_events_total', label: 'source_ip', senders: true }),
      columns: [
        { field: 'source_ip', title: 'Sender' },
        { field: 'event', title: 'Event', width: 180 },
        { field: 'Value #A', title: 'Events', width: 90 },
        { field: 'Value #B', title: 'Hosts', width: 70 },
        { field: 'Value #C', title: 'New', width: 110, states: NEW_STATES },
      ],
      sortBy: 'Events',
      noValue: 'no sender in this range',
    }),
    table({
      title: 'Top subnets',
      about: {
        means:
          'The same senders by subnet (by default /24 for IPv4 and /64 for IPv6), the 50 most frequent. Whoever forges addresses often uses a whole subnet, where each single address is rare.',
        not: 'Not proof against the owner of the subnet. «other» is what has no place of its own.',
        next: 'A subnet with far more events than any of its addresses: block or limit the subnet, if anything.',
      },
      width: 12,
      height: 10,
      queries: addressQueries({ metric: 'srcroute_subnet_events_total', label: 'subnet', senders: true }),
      columns: [
        { field: 'subnet', title: 'Subnet' },
        { field: 'event', title: 'Event', width: 180 },
        { field: 'Value #A', title: 'Events', width: 90 },
        { field: 'Value #B', title: 'Hosts', width: 70 },
        { field: 'Value #C', title: 'New', width: 110, states: NEW_STATES },
      ],
      sortBy: 'Events',
      noValue: 'no sender in this range',
    }),
    table({
      title: 'Addresses that are not senders',
      about: {
        means:
          'Addresses that kernel lines name without having sent a source-routed packet. quoted_destination: where a packet was going that is quoted in an ICMP error. answered_packet_source: where an ICMPv6 error came from that was not answered, possibly this host itself.',
        not: 'Not attackers. Whoever made a quoted packet up chose its destination freely. Do not block what stands here.',
        next: 'A quoted destination that means something to you: look for a local program that sends source-routed packets there (traceroute -g, for one). Otherwise nothing.',
      },
      width: 24,
      height: 8,
      queries: addressQueries({ metric: 'srcroute_source_events_total', label: 'source_ip', senders: false }),
      columns: [
        { field: 'source_ip', title: 'Address' },
        { field: 'address_role', title: 'What it is' },
        { field: 'event', title: 'Event' },
        { field: 'Value #A', title: 'Events', width: 90 },
        { field: 'Value #B', title: 'Hosts', width: 70 },
        { field: 'Value #C', title: 'New', width: 110, states: NEW_STATES },
      ],
      sortBy: 'Events',
      noValue: 'none in this range',
    }),
  ],
};
