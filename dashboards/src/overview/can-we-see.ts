import type { Row } from '../board.ts';
import { EVIDENCE } from '../evidence.ts';
import { graph } from '../graph.ts';
import { note } from '../note.ts';
import { select } from '../select.ts';
import { stat } from '../stat.ts';
import { COLORS } from '../state.ts';
import { table } from '../table.ts';
import { EVENTS_KNOWN, SEEN, UNSEEN, UNTOLD } from '../visibility-queries.ts';
import { orZero } from '../zero.ts';

const countByEvent = (found: string) => orZero(`count by (event) (${found})`, `count by (event) (${EVENTS_KNOWN})`);

/** Would we know? The numbers above are worth as much as what stands here. */
export const CAN_WE_SEE: Row = {
  title: 'Can we see?',
  panels: [
    table({
      title: 'Would it be seen?',
      about: {
        means: 'For each kind of event, on how many hosts the kernel would print it: yes, no, or cannot be told.',
        not: 'yes does not mean that it happened. cannot be told is no yes: whether a firewall rule logs, for one, the exporter does not know, so source_route_attempt is always there.',
        next: 'no: see the reasons beside. For source_route_attempt: load the shipped nftables rules and send one test packet.',
      },
      width: 12,
      height: 7,
      queries: [SEEN, UNSEEN, UNTOLD].map(countByEvent),
      columns: [
        { field: 'event', title: 'Event' },
        { field: 'Value #A', title: 'Yes', width: 90 },
        { field: 'Value #B', title: 'No', width: 90, steps: { base: COLORS.neutral, from: [[1, COLORS.warn]] } },
        {
          field: 'Value #C',
          title: 'Cannot be told',
          width: 130,
          steps: { base: COLORS.neutral, from: [[1, COLORS.unknown]] },
        },
      ],
      sortBy: 'No',
      noValue: 'cannot be told: no host answers',
    }),
    table({
      title: 'Why not',
      about: {
        means:
          'Reasons why a kind of event would not be seen, and on how many hosts. dynamic_debug_absent: this kernel was built without the line. dynamic_debug_off, log_martians_off: it can be switched on. packets_accepted: an interface accepts, which is silent. log_unreadable, foreign_network_namespace: the exporter lacks a right or runs in a container.',
        not: 'A host can have several reasons for one kind; the numbers do not add up to hosts.',
        next: 'log_martians_off: sysctl net.ipv4.conf.all.log_martians=1. dynamic_debug_off: see docs on dynamic debug; it spends the shared rate limit of kernel messages. dynamic_debug_absent: nothing helps but another kernel. packets_accepted: see Posture first.',
      },
      width: 12,
      height: 7,
      queries: [`count by (event, reason) (${select('srcroute_event_blind_spot')} == 1)`],
      columns: [
        { field: 'event', title: 'Event' },
        { field: 'reason', title: 'Reason' },
        { field: 'Value', title: 'Hosts', width: 90 },
      ],
      sortBy: 'Hosts',
      noValue: 'no reason is known',
    }),
    stat({
      title: 'Logs',
      about: {
        means: 'Kernel logs that the exporters follow, and how many of them cannot be read now.',
        not: 'A log that can be read and is quiet is fine. Hosts that Prometheus does not reach are in neither number.',
        next: 'Not read: the table «Not reporting» has the host; usually the exporter lacks CAP_SYSLOG or group adm.',
      },
      width: 4,
      height: 8,
      queries: [
        { expr: `sum(${select('srcroute_log_up')})`, legend: 'read' },
        { expr: `sum(1 - ${select('srcroute_log_up')})`, legend: 'not read' },
      ],
      noValue: 'cannot be told',
    }),
    stat({
      title: 'Longest silence',
      about: {
        means:
          'The longest time, of all logs, since the exporter last looked at it (seconds are normal) and since anything at all was logged in it.',
        not: 'A kernel that logs nothing for days is normal: only the first number shows a fault. Both compare clocks of two machines.',
        next: 'Minutes since a look: the reader hangs; runbook SourceRoutingLogReaderDown.',
      },
      width: 4,
      height: 8,
      unit: 's',
      queries: [
        { expr: `max(time() - ${select('srcroute_log_last_poll_timestamp_seconds')})`, legend: 'since a look' },
        { expr: `max(time() - ${select('srcroute_log_last_record_timestamp_seconds')})`, legend: 'since a record' },
      ],
      noValue: 'cannot be told',
    }),
    graph({
      title: 'What was not counted',
      about: {
        means:
          'Records a second that are in no event count, by why: lost (overwritten before they were read), rejected (look like an event but are forged or of an unknown form), suppressed (kept back by the rate limit of the kernel; network messages of all kinds).',
        not: 'suppressed is an upper bound of missing events, and appears only with the next message after a flood. Firewall lines do not go through that limit.',
        next: 'lost: runbook SourceRoutingLogRecordsLost. suppressed: SourceRoutingKernelRateLimited. rejected as unrecognised: a new kernel spells a line differently; report it.',
      },
      width: 8,
      height: 8,
      queries: [
        { expr: `sum(rate(${select('srcroute_log_lost_records_total')}[$__rate_interval]))`, legend: 'lost' },
        {
          expr: `sum by (reason) (rate(${select('srcroute_log_rejected_records_total')}[$__rate_interval]))`,
          legend: 'rejected: {{reason}}',
        },
        {
          expr: `sum(rate(${select('srcroute_kernel_suppressed_messages_total')}[$__rate_interval]))`,
          legend: 'suppressed',
        },
      ],
      unit: 'cps',
      noValue: 'cannot be told: no host answers',
    }),
    graph({
      title: 'Events without a named source',
      about: {
        means:
          'Events a second from addresses that have no series of their own, because each exporter names only so many (--sources.max). They are in all totals.',
        not: 'Nothing is lost: only the address is not kept. A forged flood does this by design.',
        next: 'Lasting: look at «Top subnets»; raise --sources.max if the senders are real. Runbook SourceRoutingSourcesOverflow.',
      },
      width: 8,
      height: 8,
      queries: [
        {
          expr: `sum by (event) (rate(${select('srcroute_source_events_total', 'source_ip="other"')}[$__rate_interval]))`,
          legend: '{{event}}',
        },
      ],
      unit: 'cps',
      noValue: 'cannot be told: no host answers',
    }),
    note({
      title: 'What each line proves',
      about: {
        means: 'The four kinds of kernel lines that are counted, what each is evidence of and what it is not.',
        not: 'Not a ranking: one packet can cause lines of several kinds.',
        next: 'Read it before acting on an address.',
      },
      width: 24,
      height: 11,
      text: EVIDENCE,
    }),
  ],
};
