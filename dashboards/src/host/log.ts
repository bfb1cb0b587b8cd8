import type { Row } from '../board.ts';
import { graph } from '../graph.ts';
import { select } from '../select.ts';
import { stat } from '../stat.ts';
import { COLORS } from '../state.ts';
import { timeline } from '../timeline.ts';

/** From the kernel to the counters: what was read and what was not. */
export const LOG: Row = {
  title: 'Log pipeline',
  panels: [
    timeline({
      title: 'Reader',
      about: {
        means: 'Whether each log can be read.',
        not: 'Not whether anything is written in it.',
        next: 'not read: runbook SourceRoutingLogReaderDown. What is written meanwhile is read later, as long as the log holds it.',
      },
      width: 8,
      height: 7,
      queries: [
        { expr: `min by (instance, input) (${select('srcroute_log_up')})`, legend: '{{input}} ({{instance}})' },
      ],
      states: [
        { value: 1, text: 'read', color: COLORS.neutral },
        { value: 0, text: 'not read', color: COLORS.bad },
      ],
      noValue: 'cannot be told: the host does not answer',
    }),
    graph({
      title: 'Records read',
      about: {
        means:
          'Records a second that were read from each log: everything the kernel wrote, of which events are the least part.',
        not: '0 is normal on a quiet host.',
        next: 'Thousands a second: the ring of the kernel can be overrun; look at «What was not counted».',
      },
      width: 8,
      height: 7,
      queries: [
        {
          expr: `sum by (input) (rate(${select('srcroute_log_records_total')}[$__rate_interval]))`,
          legend: '{{input}}',
        },
      ],
      unit: 'cps',
    }),
    graph({
      title: 'What was not counted',
      about: {
        means:
          'Records a second that are in no event count, by why: lost (overwritten before they were read), rejected (userspace: forged or talk; malformed; oversize; unrecognised: the kernel in unknown words), suppressed (kept back by the rate limit of the kernel; network messages of all kinds).',
        not: 'suppressed is an upper bound of missing events, and appears only with the next message after a flood.',
        next: 'Runbooks SourceRoutingLogRecordsLost and SourceRoutingKernelRateLimited. userspace: somebody on the host writes such lines.',
      },
      width: 8,
      height: 7,
      queries: [
        {
          expr: `sum by (input) (rate(${select('srcroute_log_lost_records_total')}[$__rate_interval]))`,
          legend: 'lost, {{input}}',
        },
        {
          expr: `sum by (reason) (rate(${select('srcroute_log_rejected_records_total')}[$__rate_interval]))`,
          legend: 'rejected, {{reason}}',
        },
        {
          expr: `sum(rate(${select('srcroute_kernel_suppressed_messages_total')}[$__rate_interval]))`,
          legend: 'suppressed',
        },
      ],
      unit: 'cps',
    }),
    graph({
      title: 'Silence',
      about: {
        means: 'Time since the exporter last looked at each log, and since anything was logged in it.',
        not: 'A kernel without anything to say is normal: only the first shows a fault. Clocks of two machines are compared.',
        next: 'Minutes since a look: the reader hangs; runbook SourceRoutingLogReaderDown.',
      },
      width: 8,
      height: 7,
      queries: [
        {
          expr: `time() - max by (input) (${select('srcroute_log_last_poll_timestamp_seconds')})`,
          legend: 'since a look, {{input}}',
        },
        {
          expr: `time() - max by (input) (${select('srcroute_log_last_record_timestamp_seconds')})`,
          legend: 'since a record, {{input}}',
        },
      ],
      unit: 's',
    }),
    graph({
      title: 'Not read yet',
      about: {
        means: 'Bytes of each log file that are still to be read.',
        not: 'Empty for /dev/kmsg, which has no size.',
        next: 'Growing: the exporter cannot keep up, or cannot read; see CPU and Reader.',
      },
      width: 8,
      height: 7,
      queries: [{ expr: `sum by (input) (${select('srcroute_log_unread_bytes')})`, legend: '{{input}}' }],
      unit: 'bytes',
      noValue: 'no log is a file',
    }),
    stat({
      title: 'Rotations in range',
      about: {
        means: 'How often each log went on in another file, or in the same after it was cut, within the time range.',
        not: 'Nothing is lost by a rename. Cutting a file in place (copytruncate) can lose what was written at that moment.',
        next: 'Many an hour: let the rotation rename.',
      },
      width: 8,
      height: 7,
      queries: [
        {
          expr: `sum by (input) (increase(${select('srcroute_log_reopens_total')}[$__range]))`,
          legend: '{{input}}',
        },
      ],
      noValue: 'cannot be told',
    }),
  ],
};
