import type { Row } from '../board.ts';
import { HOST_COLUMN, JOB_COLUMN } from '../columns.ts';
import { toHost } from '../links.ts';
import { DRIFT_STATES, HOST_STATE, HOST_STATES, sysctlQueries, WORST_SHORTFALLS } from '../posture-queries.ts';
import { table } from '../table.ts';
import { timeline } from '../timeline.ts';

/** Would the hosts take source-routed packets: now, and after a boot? */
export const POSTURE: Row = {
  title: 'Posture',
  panels: [
    timeline({
      title: 'Worst state of each host',
      about: {
        means:
          'accepting: the kernel takes IPv4 source routes on some interface. latent: it refuses them, but some value is not as the policy wants, now or after a boot. compliant: all values are. cannot be told: some value could not be read, or what a boot sets is unknown. not scraped: Prometheus does not reach the exporter.',
        not: 'latent is not an incident: a stock Linux looks so. Judged is accept_source_route alone, by the policy of each exporter. A gap is a time of which nothing is known.',
        next: 'accepting: act now, by the runbook SourceRoutingAccepted. latent: one change in /etc/sysctl.d for the whole fleet. A click leads to the board of the host.',
      },
      width: 24,
      height: 9,
      queries: [{ expr: HOST_STATE, legend: '{{instance}}' }],
      states: HOST_STATES,
      noValue: 'cannot be told: no host answers',
      link: toHost(`\${__field.labels.job}`, `\${__field.labels.instance}`),
    }),
    table({
      title: 'What falls short',
      about: {
        means:
          'Every sysctl row that is not as the policy wants, up to the 1,000 worst: its value now, what the kernel acts on (all and interface combined), what it will be after a boot, and which line of which file decides that.',
        not: 'Only «Acted on» says what the kernel does today; all and default have no such value. «After boot» is a prediction from the files: an initramfs, cloud-init or a unit that runs sysctl is in none of them. Hosts with very many interfaces have rows for the worst only (--sysctl.interfaces-max).',
        next: 'srcroute-exporter check on the host prints the commands that fix each finding. «a boot changes it»: the running value and the files disagree; make the right one permanent.',
      },
      width: 24,
      height: 10,
      queries: sysctlQueries(WORST_SHORTFALLS),
      columns: [
        HOST_COLUMN,
        { field: 'family', title: 'Family', width: 70 },
        { field: 'interface', title: 'Interface' },
        { field: 'sysctl', title: 'Sysctl' },
        { field: 'Value #A', title: 'Now', width: 70 },
        { field: 'Value #B', title: 'Acted on', width: 90 },
        { field: 'Value #C', title: 'After boot', width: 90 },
        { field: 'Value #D', title: 'Drift', width: 130, states: DRIFT_STATES },
        { field: 'origin', title: 'Decided by', width: 120 },
        { field: 'file', title: 'File' },
        { field: 'line', title: 'Line', width: 60 },
        JOB_COLUMN,
      ],
      sortBy: 'Acted on',
      noValue: 'nothing falls short on the hosts that report',
    }),
  ],
};
