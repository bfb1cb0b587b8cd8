import type { Row } from '../board.ts';
import { graph } from '../graph.ts';
import { ofExporter, select, selectForeign } from '../select.ts';
import { stat } from '../stat.ts';
import { COLORS } from '../state.ts';
import { table } from '../table.ts';
import { timeline } from '../timeline.ts';

/** What the exporter itself costs, and whether it is well. */
export const EXPORTER: Row = {
  title: 'The exporter',
  panels: [
    graph({
      title: 'Time of a scrape',
      about: {
        means: 'How long Prometheus waits for a scrape, and how long each collector takes in it.',
        not: 'Scrapes that failed are not in it: see Scrape.',
        next: 'Near the timeout of the scrape (10 s by default): fewer interfaces with rows (--sysctl.interfaces-max), or look at CPU.',
      },
      width: 8,
      height: 8,
      queries: [
        { expr: ofExporter(selectForeign('scrape_duration_seconds')), legend: 'scrape, {{instance}}' },
        {
          expr: `max by (collector) (${select('srcroute_collector_duration_seconds')})`,
          legend: 'collector {{collector}}',
        },
      ],
      unit: 's',
    }),
    graph({
      title: 'CPU',
      about: {
        means: 'Share of one processor core that the exporter uses.',
        not: '100 % is one core, however many there are.',
        next: 'Lasting above 10 %: a flood in the log; see Records read.',
      },
      width: 8,
      height: 8,
      queries: [
        {
          expr: ofExporter(`rate(${selectForeign('process_cpu_seconds_total')}[$__rate_interval])`),
          legend: '{{instance}}',
        },
      ],
      unit: 'percentunit',
    }),
    graph({
      title: 'Memory',
      about: {
        means: 'Memory that the exporter holds, and the part of it that its objects use.',
        not: 'A flood of forged addresses must change neither: the tables are bounded.',
        next: 'Growing for days: a fault of the exporter; report it with this graph.',
      },
      width: 8,
      height: 8,
      queries: [
        { expr: ofExporter(selectForeign('process_resident_memory_bytes')), legend: 'resident, {{instance}}' },
        { expr: ofExporter(selectForeign('nodejs_heap_size_used_bytes')), legend: 'heap in use, {{instance}}' },
      ],
      unit: 'bytes',
    }),
    graph({
      title: 'File descriptors',
      about: {
        means: 'Descriptors that the exporter has open, as a share of those it may have.',
        not: 'Not the descriptors of the host.',
        next: 'Growing without end: connections or log files that are never closed; report it.',
      },
      width: 8,
      height: 7,
      queries: [
        {
          expr: ofExporter(`${selectForeign('process_open_fds')} / ${selectForeign('process_max_fds')}`),
          legend: '{{instance}}',
        },
      ],
      unit: 'percentunit',
    }),
    graph({
      title: 'Lag of the event loop',
      about: {
        means:
          'How much later than asked for the exporter got to its work, at worst since the scrape before. Sampled once a second, so there is none where scrapes are as frequent.',
        not: 'Not the time of a scrape.',
        next: 'Seconds: records of the kernel can be lost meanwhile; see CPU and «What was not counted».',
      },
      width: 8,
      height: 7,
      queries: [{ expr: ofExporter(selectForeign('nodejs_eventloop_lag_max_seconds')), legend: '{{instance}}' }],
      unit: 's',
    }),
    timeline({
      title: 'Collectors',
      about: {
        means: 'Whether each collector could read what it reads.',
        not: 'A collector that is switched off has no row.',
        next: 'failed: its metrics are missing or incomplete; the log of the exporter says why. Runbook SourceRoutingSysctlUnreadable.',
      },
      width: 8,
      height: 7,
      queries: [
        {
          expr: `min by (instance, collector) (${select('srcroute_collector_success')})`,
          legend: '{{collector}} ({{instance}})',
        },
      ],
      states: [
        { value: 1, text: 'read', color: COLORS.neutral },
        { value: 0, text: 'failed', color: COLORS.bad },
      ],
      noValue: 'all are switched off',
    }),
    graph({
      title: 'Faults',
      about: {
        means: 'Checkpoints a second by outcome, and sysctls a second that could not be read.',
        not: 'Interfaces that go away while they are read are among the latter, which is normal. All 0 without a state file.',
        next: 'Failed checkpoints: runbook SourceRoutingStateNotSaved; a crash now would lose or double counts.',
      },
      width: 8,
      height: 7,
      queries: [
        {
          expr: `sum by (outcome) (rate(${select('srcroute_state_saves_total')}[$__rate_interval]))`,
          legend: 'checkpoint, {{outcome}}',
        },
        {
          expr: `sum(rate(${select('srcroute_sysctl_read_errors_total')}[$__rate_interval]))`,
          legend: 'sysctl not read',
        },
      ],
      unit: 'cps',
    }),
    stat({
      title: 'How it began',
      about: {
        means:
          'How this process began: loaded (with the saved counters), absent (no saved state yet), damaged or unsupported (set aside, counters began at 0).',
        not: 'Not whether saving works now: see Faults.',
        next: 'damaged: the file was set aside beside the state file; look at the disk.',
      },
      width: 8,
      height: 7,
      queries: [{ expr: `${select('srcroute_state_loads_total')} > 0`, legend: '{{outcome}}' }],
      noValue: 'without a state file',
      names: true,
    }),
    table({
      title: 'Configuration files',
      about: {
        means:
          'Each file that can be read again while the exporter runs: whether it was right when it was last read, and when the one in force was read.',
        not: 'A refused file changes nothing: what it said before is in force until a restart.',
        next: 'refused: run the exporter with --config.check; runbook SourceRoutingReloadFailed.',
      },
      width: 8,
      height: 7,
      queries: [
        `min by (instance, file) (${select('srcroute_config_last_reload_successful')})`,
        `1000 * min by (instance, file) (${select('srcroute_config_last_reload_success_timestamp_seconds')})`,
      ],
      columns: [
        { field: 'file', title: 'File' },
        {
          field: 'Value #A',
          title: 'Last read',
          width: 100,
          states: [
            { value: 1, text: 'accepted', color: COLORS.neutral },
            { value: 0, text: 'refused', color: COLORS.bad },
          ],
        },
        { field: 'Value #B', title: 'In force since', unit: 'dateTimeFromNow', width: 130 },
      ],
      sortBy: 'File',
      ascending: true,
      noValue: 'there are none',
    }),
  ],
};
