/**
 * Prometheus writes a series for each alert. Those of a whole fleet carry no `instance`, those of an absent job no more than that:
 * the empty alternative keeps them in.
 */
const SCOPE = 'job=~"$job|",instance=~"$instance|"';

const WATCHDOG = 'SourceRoutingWatchdog';

/** Our alerts that fire, but for the one that always does. Takes more matchers. */
export function firing(matchers = ''): string {
  const ours = `alertname=~"SourceRouting.*",alertname!="${WATCHDOG}",alertstate="firing"`;
  return `ALERTS{${[ours, SCOPE, matchers].filter(Boolean).join(',')}}`;
}

/** The alert that always fires: without it the rules are not loaded, and no alert means nothing. */
export const RULES_LOADED = `count(ALERTS{alertname="${WATCHDOG}",alertstate="firing"})`;
