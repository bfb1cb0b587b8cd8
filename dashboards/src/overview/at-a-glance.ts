import { firing, RULES_LOADED } from '../alert-queries.ts';
import type { Row } from '../board.ts';
import { HOST_COLUMN, JOB_COLUMN } from '../columns.ts';
import { DISTINCT_SOURCES, eventsInRange, FROM_OUTSIDE } from '../event-queries.ts';
import { RUNBOOKS } from '../links.ts';
import { ACCEPTING } from '../posture-queries.ts';
import { stat } from '../stat.ts';
import { COLORS } from '../state.ts';
import { table } from '../table.ts';
import { NOT_REPORTING, TARGETS } from '../targets.ts';
import { EVENTS_KNOWN, UNSEEN, UNTOLD } from '../visibility-queries.ts';
import { orZero } from '../zero.ts';

const HEIGHT = 5;

/** The state of the fleet in seven numbers, and which hosts and alerts they are. */
export const AT_A_GLANCE: Row = {
  title: 'At a glance',
  panels: [
    stat({
      title: 'Accept source routes',
      about: {
        means:
          'Network interfaces, on all chosen hosts, on which the kernel takes IPv4 packets that carry a source route: a sender can choose their way through the host and around filters. Must be 0.',
        not: '0 covers only the hosts that report: look at the number beside it. IPv6 is not counted: its type 0 routing headers are refused whatever the setting.',
        next: 'Find the host in the table «What falls short» below, and follow the runbook SourceRoutingAccepted: usually one line in /etc/sysctl.d.',
      },
      width: 4,
      height: HEIGHT,
      queries: [{ expr: ACCEPTING, legend: 'interfaces' }],
      noValue: 'cannot be told',
      steps: { base: COLORS.good, from: [[1, COLORS.bad]] },
    }),
    stat({
      title: 'Hosts not reporting',
      about: {
        means:
          'Hosts of which something cannot be told now: Prometheus does not reach the exporter, or the exporter cannot read its log or some sysctl. The table «Not reporting» has their names.',
        not: 'Not a count of quiet hosts: a kernel that logs nothing is normal and counts as reporting. A host that Prometheus was never told of is not here.',
        next: 'While this is not 0, every other number on this board is a lower bound.',
      },
      width: 3,
      height: HEIGHT,
      queries: [
        {
          expr: orZero(`count(count by (job, instance) (\n${NOT_REPORTING}\n))`, `count(${TARGETS})`),
          legend: 'hosts',
        },
      ],
      noValue: 'no hosts at all',
      steps: { base: COLORS.good, from: [[1, COLORS.warn]] },
    }),
    stat({
      title: 'Attempts in range',
      about: {
        means:
          'Packets with a source route that reached the hosts within the time range of this board, as two observers saw them: the firewall rule, and the kernel when it refuses one. This host itself and expected senders are left out.',
        not: 'Never add the two: one refused packet can be in both. Neither says that an attack succeeded. The firewall rule has a rate limit, so its number is a lower bound, and 0 where no such rule is loaded.',
        next: 'Look at «Top senders» for who, at «Events by host» for where, at «Would it be seen?» for whether a 0 means anything.',
      },
      width: 4,
      height: HEIGHT,
      queries: [
        { expr: eventsInRange('source_route_attempt', FROM_OUTSIDE), legend: 'firewall rule' },
        { expr: eventsInRange('source_route_option', FROM_OUTSIDE), legend: 'refused by kernel' },
      ],
      noValue: 'cannot be told',
    }),
    stat({
      title: 'Signals in range',
      about: {
        means:
          'Kernel lines within the time range that hint at source routing without being an attempt: ICMP errors that claim a source route of ours failed, and ICMPv6 errors that were rightly not answered.',
        not: 'Not attacks by themselves, and never to be added up. Both can be made up by anybody who can send a packet. Most kernels do not print them at all.',
        next: 'A few need no action. Many of the first: see the runbook SourceRoutingSourceRouteFailed; of the second: SourceRoutingIcmpv6NoReplyStorm.',
      },
      width: 4,
      height: HEIGHT,
      queries: [
        { expr: eventsInRange('source_route_failed'), legend: 'route failed' },
        { expr: eventsInRange('icmpv6_no_reply'), legend: 'ICMPv6 no reply' },
      ],
      noValue: 'cannot be told',
    }),
    stat({
      title: 'Distinct sources',
      about: {
        means: 'Addresses that sent packets with a source route within the time range, each counted once.',
        not: 'Not a number of attackers: source addresses can be forged. A lower bound: each exporter names at most --sources.max addresses an event. Of a host that Prometheus has watched for less than the range, earlier senders are in it. Expected senders are in it too.',
        next: 'Many addresses of one subnet are often one sender: see «Top subnets».',
      },
      width: 3,
      height: HEIGHT,
      queries: [{ expr: DISTINCT_SOURCES, legend: 'sources' }],
      noValue: 'cannot be told',
    }),
    stat({
      title: 'Blind spots',
      about: {
        means:
          'Where counting is in vain, as pairs of host and kind of event: «not seen» would not be printed there, «cannot be told» is not known (such as whether a firewall rule logs).',
        not: '0 blind spots is not yet a working firewall rule. Not an alarm: most kernels are blind for two of the four kinds, for ever.',
        next: 'See «Would it be seen?» and «Why not» below for what to switch on.',
      },
      width: 3,
      height: HEIGHT,
      queries: [
        { expr: orZero(`count(${UNSEEN})`, `count(${EVENTS_KNOWN})`), legend: 'not seen' },
        { expr: orZero(`count(${UNTOLD})`, `count(${EVENTS_KNOWN})`), legend: 'cannot be told' },
      ],
      noValue: 'cannot be told',
    }),
    stat({
      title: 'Firing alerts',
      about: {
        means: 'Alerts of this exporter that somebody is to act on now: critical (page) and warning (ticket).',
        not: 'Alerts of severity info are in the table only. Silences of Alertmanager are not considered. «rules not loaded»: Prometheus does not evaluate them, and no alert would ever fire.',
        next: 'The table below names them; each has a runbook.',
      },
      width: 3,
      height: HEIGHT,
      queries: [{ expr: orZero(`count(${firing('severity=~"critical|warning"')})`, RULES_LOADED), legend: 'alerts' }],
      noValue: 'rules not loaded',
      steps: { base: COLORS.neutral, from: [[1, COLORS.bad]] },
    }),
    table({
      title: 'Alerts that fire',
      about: {
        means: 'Every alert of this exporter that fires now, of all severities.',
        not: 'Empty does not mean that all is well where the rules are not loaded: see «Firing alerts». Alerts of a whole fleet have no instance.',
        next: 'Open the runbook by a click on the alert.',
      },
      width: 12,
      height: 7,
      queries: [`count by (alertname, severity, job, instance) (${firing()})`],
      columns: [
        {
          field: 'alertname',
          title: 'Alert',
          link: { title: 'Open the runbook', url: `${RUNBOOKS}/\${__value.text}.md` },
        },
        { field: 'severity', title: 'Severity', width: 90 },
        HOST_COLUMN,
        JOB_COLUMN,
      ],
      sortBy: 'Severity',
      ascending: true,
      noValue: 'no alert fires, or the rules are not loaded',
    }),
    table({
      title: 'Not reporting',
      about: {
        means:
          'Hosts of which something cannot be told, and what: not scraped (Prometheus does not reach the exporter), log not read (no event is counted), sysctls not read (posture unknown).',
        not: 'A host that Prometheus was never told of is not here, nor one that has been away for longer than the time range.',
        next: 'Runbooks SourceRoutingExporterDown, SourceRoutingLogReaderDown, SourceRoutingSysctlUnreadable.',
      },
      width: 12,
      height: 7,
      queries: [NOT_REPORTING],
      columns: [HOST_COLUMN, { field: 'problem', title: 'What' }, JOB_COLUMN],
      sortBy: 'What',
      ascending: true,
      noValue: 'every host that Prometheus knows reports',
    }),
  ],
};
