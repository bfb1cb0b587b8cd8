import type { Row } from '../board.ts';
import { ACCEPTING } from '../posture-queries.ts';
import { ofExporter, select, selectForeign } from '../select.ts';
import { stat } from '../stat.ts';
import { COLORS } from '../state.ts';
import { TARGETS } from '../targets.ts';

const HEIGHT = 4;
const WIDTH = 3;

/** Which host this is, and whether what stands below can be relied on. */
export const NOW: Row = {
  title: 'Now',
  panels: [
    stat({
      title: 'Accepts source routes',
      about: {
        means: 'Interfaces of this host on which the kernel takes IPv4 packets that carry a source route. Must be 0.',
        not: 'Not about IPv6, whose type 0 routing headers are refused whatever the setting.',
        next: 'Above 0: the rows «Acted on» above 0 in the table «Sysctls», and the runbook SourceRoutingAccepted.',
      },
      width: WIDTH,
      height: HEIGHT,
      queries: [{ expr: ACCEPTING, legend: 'interfaces' }],
      noValue: 'cannot be told',
      steps: { base: COLORS.good, from: [[1, COLORS.bad]] },
    }),
    stat({
      title: 'Scrape',
      about: {
        means: 'Whether Prometheus reaches the exporter.',
        not: 'Not whether the host is up. While it is not reached, everything below is old or missing.',
        next: 'Not reached: runbook SourceRoutingExporterDown.',
      },
      width: WIDTH,
      height: HEIGHT,
      queries: [{ expr: `max by (instance) (${TARGETS})`, legend: '{{instance}}' }],
      noValue: 'no such host',
      states: [
        { value: 1, text: 'reached', color: COLORS.good },
        { value: 0, text: 'not reached', color: COLORS.bad },
      ],
    }),
    stat({
      title: 'Log',
      about: {
        means: 'Whether the exporter can read the kernel log that it follows. If not, no event is counted.',
        not: 'Not whether something is written in it: a quiet kernel is normal.',
        next: 'Not read: runbook SourceRoutingLogReaderDown; usually a right is missing (CAP_SYSLOG, group adm).',
      },
      width: WIDTH,
      height: HEIGHT,
      queries: [{ expr: `min by (instance) (${select('srcroute_log_up')})`, legend: '{{instance}}' }],
      noValue: 'cannot be told',
      states: [
        { value: 1, text: 'read', color: COLORS.good },
        { value: 0, text: 'not read', color: COLORS.bad },
      ],
    }),
    stat({
      title: 'Network namespace',
      about: {
        means:
          'Whose sysctls and addresses the exporter reads: those of the host, or of the container that it runs in.',
        not: 'The kernel log is the same for all: events are of the whole machine either way.',
        next: 'container: run the exporter in the network of the host; runbook SourceRoutingForeignNamespace.',
      },
      width: WIDTH,
      height: HEIGHT,
      queries: [{ expr: `max by (instance) (${select('srcroute_host_network_namespace')})`, legend: '{{instance}}' }],
      noValue: 'cannot be told',
      states: [
        { value: 1, text: 'host', color: COLORS.good },
        { value: 0, text: 'container', color: COLORS.bad },
      ],
    }),
    stat({
      title: 'Sysctls at boot',
      about: {
        means: 'What applies the sysctl files when this host boots; the column «After boot» is predicted by its rules.',
        not: 'systemd does not read /etc/sysctl.conf unless a link leads there. What else writes sysctls at a boot is not known.',
        next: 'Put lasting settings into /etc/sysctl.d, which both read.',
      },
      width: WIDTH,
      height: HEIGHT,
      queries: [{ expr: select('srcroute_boot_applier_info'), legend: '{{boot_applier}}' }],
      noValue: 'cannot be told',
      names: true,
    }),
    stat({
      title: 'Version',
      about: {
        means: 'Version of the exporter, the commit it was built of, and the Node.js that runs it.',
        not: 'Not the version of the kernel.',
        next: 'Different versions in one fleet: compare CHANGELOG.md before comparing numbers.',
      },
      width: WIDTH,
      height: HEIGHT,
      queries: [
        {
          expr: select('srcroute_exporter_build_info'),
          legend: '{{version}} ({{revision}}), Node.js {{node_version}}',
        },
      ],
      noValue: 'cannot be told',
      names: true,
    }),
    stat({
      title: 'Running for',
      about: {
        means: 'How long the exporter has been running.',
        not: 'Not the uptime of the host. With a state file counters are older than the process.',
        next: 'Short and not by your doing: see Restarts.',
      },
      width: WIDTH,
      height: HEIGHT,
      unit: 's',
      queries: [
        { expr: `time() - (${ofExporter(selectForeign('process_start_time_seconds'))})`, legend: '{{instance}}' },
      ],
      noValue: 'cannot be told',
    }),
    stat({
      title: 'Restarts in range',
      about: {
        means: 'How often the exporter was started anew within the time range, as far as scrapes saw it.',
        not: 'Two restarts between two scrapes count once. With a state file a restart loses no count.',
        next: 'Several: see the log of the service (journalctl -u srcroute-exporter).',
      },
      width: WIDTH,
      height: HEIGHT,
      queries: [
        {
          expr: ofExporter(`changes(${selectForeign('process_start_time_seconds')}[$__range])`),
          legend: '{{instance}}',
        },
      ],
      noValue: 'cannot be told',
      steps: { base: COLORS.neutral, from: [[3, COLORS.warn]] },
    }),
  ],
};
