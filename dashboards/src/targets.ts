import { select, selectForeign } from './select.ts';

/**
 * `up` of the hosts that are ours, of the present: a job counts as ours if an exporter of it answered within the range. Only so a
 * host that is down has a row, and the other jobs of the same Prometheus have none.
 */
export const TARGETS = `(${selectForeign('up')} and on (job) last_over_time(${select('srcroute_exporter_build_info')}[$__range]))`;

/** The same at every point of a range, where looking back at each would cost too much: some exporter of the job answers. */
export const TARGETS_OVER_TIME = `(${selectForeign('up')} and on (job) ${select('srcroute_exporter_build_info')})`;

/** Hosts of which something cannot be told, with the label `problem`: one row for each host and problem. */
export const NOT_REPORTING = [
  problem('not scraped', `${TARGETS} == 0`),
  problem(
    'log not read',
    // The heartbeat is compared with itself: the clocks of a host and of Prometheus may differ.
    `${select('srcroute_log_up')} == 0 or changes(${select('srcroute_log_last_poll_timestamp_seconds')}[5m]) == 0`,
  ),
  problem(
    'sysctls not read',
    // A boot that nobody can predict is no failure: such a host reports all that it can, for ever.
    `(${TARGETS} == 1 unless on (job, instance) ${select('srcroute_sysctl_interfaces', 'verdict=~"compliant|violating"')} > 0)
    or ${select('srcroute_collector_success', 'collector="sysctl"')} == 0
    or ${select('srcroute_sysctl_interfaces', 'verdict="unreadable",scope!="persisted"')} > 0`,
  ),
].join('\nor ');

function problem(name: string, found: string): string {
  return `label_replace(group by (job, instance) (
    ${found}
  ), "problem", "${name}", "", "")`;
}
