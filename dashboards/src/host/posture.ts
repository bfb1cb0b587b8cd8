import type { Row } from '../board.ts';
import {
  DRIFT_STATES,
  FALLS_SHORT,
  HOST_STATE,
  HOST_STATES,
  sysctlQueries,
  VERDICT_STATES,
} from '../posture-queries.ts';
import { select } from '../select.ts';
import { COLORS } from '../state.ts';
import { table } from '../table.ts';
import { timeline } from '../timeline.ts';

const counts = (verdict: string) =>
  `sum by (family, sysctl, scope) (${select('srcroute_sysctl_interfaces', `verdict="${verdict}"`)})`;

/** Would this host take source-routed packets: now, and after a boot? */
export const POSTURE: Row = {
  title: 'Posture',
  panels: [
    timeline({
      title: 'State',
      about: {
        means:
          'accepting: the kernel takes IPv4 source routes on some interface. latent: it refuses them, but some value is not as the policy wants, now or after a boot. compliant: all values are. cannot be told: some value could not be read, or what a boot sets is unknown. not scraped: Prometheus does not reach the exporter.',
        not: 'latent is not an incident: a stock Linux looks so. A gap is a time of which nothing is known.',
        next: 'When it changed tells who changed it: compare with deployments and network events of that time.',
      },
      width: 24,
      height: 5,
      queries: [{ expr: HOST_STATE, legend: '{{instance}}' }],
      states: HOST_STATES,
      noValue: 'cannot be told: the host does not answer',
    }),
    table({
      title: 'Sysctls',
      about: {
        means:
          'Every sysctl of the policy on this host: its value now, what the kernel acts on (all and interface combined), what it will be after a boot and which line of which file decides that, and the verdict of the policy on all three.',
        not: 'Only «Acted on» says what the kernel does today. «After boot» is a prediction from files. Of very many interfaces only the worst have rows (--sysctl.interfaces-max); «Interfaces by verdict» counts all.',
        next: 'srcroute-exporter check on the host prints the commands that fix each finding.',
      },
      width: 16,
      height: 11,
      queries: [...sysctlQueries(), FALLS_SHORT],
      columns: [
        { field: 'family', title: 'Family', width: 70 },
        { field: 'interface', title: 'Interface' },
        { field: 'sysctl', title: 'Sysctl' },
        { field: 'Value #A', title: 'Now', width: 60 },
        { field: 'Value #B', title: 'Acted on', width: 80 },
        { field: 'Value #C', title: 'After boot', width: 90 },
        { field: 'Value #D', title: 'Drift', width: 120, states: DRIFT_STATES },
        { field: 'Value #E', title: 'Verdict', width: 100, states: VERDICT_STATES },
        { field: 'origin', title: 'Decided by', width: 110 },
        { field: 'file', title: 'File' },
        { field: 'line', title: 'Line', width: 60 },
        { field: 'instance', title: 'Instance' },
      ],
      sortBy: 'Verdict',
      noValue: 'cannot be told',
    }),
    table({
      title: 'Interfaces by verdict',
      about: {
        means:
          'How many interfaces comply with the policy, by what is judged. runtime: the value as it stands. effective: what the kernel acts on. persisted: what it will be after a boot.',
        not: 'all and default are no interfaces and not counted. runtime violating with effective compliant is a stock Linux: harmless as long as all stays 0.',
        next: 'Violating in effective: act now. Unreadable: see the log of the exporter.',
      },
      width: 8,
      height: 11,
      queries: ['compliant', 'violating', 'unreadable'].map(counts),
      columns: [
        { field: 'family', title: 'Family', width: 60 },
        { field: 'sysctl', title: 'Sysctl' },
        { field: 'scope', title: 'Scope', width: 85 },
        { field: 'Value #A', title: 'Compliant', width: 85 },
        {
          field: 'Value #B',
          title: 'Violating',
          width: 80,
          steps: { base: COLORS.neutral, from: [[1, COLORS.warn]] },
        },
        {
          field: 'Value #C',
          title: 'Unreadable',
          width: 90,
          steps: { base: COLORS.neutral, from: [[1, COLORS.unknown]] },
        },
      ],
      sortBy: 'Violating',
      noValue: 'cannot be told',
    }),
    table({
      title: 'Sysctls that are a text',
      about: {
        means: 'Sysctls of the policy whose value is no number, such as the list of ICMPv6 types in ratemask.',
        not: 'The policy has no verdict on them.',
        next: 'For comparison between hosts only.',
      },
      width: 24,
      height: 4,
      queries: [`max by (family, sysctl, value) (${select('srcroute_sysctl_info')})`],
      columns: [
        { field: 'family', title: 'Family' },
        { field: 'sysctl', title: 'Sysctl' },
        { field: 'value', title: 'Text' },
      ],
      sortBy: 'Sysctl',
      ascending: true,
      noValue: 'the policy has none',
    }),
  ],
};
