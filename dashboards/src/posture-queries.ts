import { select } from './select.ts';
import { COLORS, type State } from './state.ts';
import { TARGETS_OVER_TIME } from './targets.ts';

const SOURCE_ROUTE = 'sysctl="accept_source_route"';

/** Interfaces of which the kernel takes IPv4 source routes: what must be 0. */
export const ACCEPTING = `sum(${interfaces('family="ipv4",scope="effective",verdict="violating"')})`;

/** The worst that is known of each host, by the numbers of HOST_STATES. What is known to be bad stands before what is not known. */
export const HOST_STATE = `2 * group by (job, instance) (${interfaces('family="ipv4",scope="effective",verdict="violating"')} > 0)
or 3 * group by (job, instance) (${interfaces('verdict="unreadable"')} > 0)
or group by (job, instance) (
  ${interfaces('verdict="violating"')} > 0
  or ${select('srcroute_sysctl_compliant', `${SOURCE_ROUTE},interface=~"all|default"`)} == 0
  or ${select('srcroute_sysctl_persisted_compliant', `${SOURCE_ROUTE},interface=~"all|default"`)} == 0
)
or 0 * group by (job, instance) (${interfaces('verdict="compliant"')} > 0)
or 3 * group by (job, instance) (${TARGETS_OVER_TIME} == 1)
or 4 * group by (job, instance) (${TARGETS_OVER_TIME} == 0)`;

/** What the numbers of HOST_STATE stand for. */
export const HOST_STATES: readonly State[] = [
  { value: 0, text: 'compliant', color: COLORS.good },
  { value: 1, text: 'latent', color: COLORS.warn },
  { value: 2, text: 'accepting', color: COLORS.bad },
  { value: 3, text: 'cannot be told', color: COLORS.unknown },
  { value: 4, text: 'not scraped', color: COLORS.away },
];

/** Sysctls that are not as the policy wants, the larger the worse: as the kernel acts on them, as they stand, after a boot. */
const SHORTFALLS = `(
  (${select('srcroute_sysctl_effective_compliant')} == 0) + 3
  or (${select('srcroute_sysctl_compliant')} == 0) + 2
  or (${select('srcroute_sysctl_persisted_compliant')} == 0) + 1
)`;

/** Joining the columns takes the browser seconds for 6,000 rows, and grows with their square: a whole fleet can be stock. */
export const WORST_SHORTFALLS = `topk(1000, ${SHORTFALLS})`;

const ROW = 'job, instance, family, interface, sysctl';

/** Columns of a table of sysctls: now, what the kernel acts on, after a boot and by which line, whether a boot changes it. */
export function sysctlQueries(only = ''): string[] {
  return [
    row(select('srcroute_sysctl_value'), only),
    row(select('srcroute_sysctl_effective_value'), only),
    `max by (${ROW}, origin, file, line) (
  ${select('srcroute_sysctl_persisted_value')}
  * on (${ROW}) group_left (origin, file, line) ${select('srcroute_sysctl_persisted_info')}
)${and(only)}`,
    row(`${select('srcroute_sysctl_value')} != bool ${select('srcroute_sysctl_persisted_value')}`, only),
  ];
}

/** 1 for what falls short, 0 for what complies; nothing for what the policy has no opinion of. */
export const FALLS_SHORT = `max by (${ROW}) (0 * ${SHORTFALLS} + 1)
or max by (${ROW}) (0 * ${select('srcroute_sysctl_compliant')})`;

export const DRIFT_STATES: readonly State[] = [
  { value: 0, text: 'stays', color: COLORS.neutral },
  { value: 1, text: 'a boot changes it', color: COLORS.warn },
];

export const VERDICT_STATES: readonly State[] = [
  { value: 0, text: 'complies', color: COLORS.good },
  { value: 1, text: 'falls short', color: COLORS.warn },
];

function row(expression: string, only: string): string {
  return `max by (${ROW}) (${expression})${and(only)}`;
}

function and(only: string): string {
  return only === '' ? '' : `\nand on (${ROW}) ${only}`;
}

function interfaces(matchers: string): string {
  return select('srcroute_sysctl_interfaces', `${SOURCE_ROUTE},${matchers}`);
}
