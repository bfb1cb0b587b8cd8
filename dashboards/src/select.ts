import { metric } from './metric.ts';

/** What every selector begins with: the hosts that are chosen at the top of the board. */
const SCOPE = 'job=~"$job",instance=~"$instance"';

/** Series of a metric of the exporter, of the chosen hosts. Takes its name and more matchers, as PromQL. Throws as metric() does. */
export function select(name: string, matchers = ''): string {
  return selectForeign(metric(name), matchers);
}

/** The same for what Prometheus or the client library names: `up`, `scrape_*`, `process_*`, `nodejs_*`. */
export function selectForeign(name: string, matchers = ''): string {
  return `${name}{${[SCOPE, matchers].filter(Boolean).join(',')}}`;
}

/** Keeps of a foreign expression what belongs to an exporter of ours: other jobs can have the same `instance`. */
export function ofExporter(expression: string): string {
  return `${expression} and on (job, instance) ${select('srcroute_exporter_build_info')}`;
}
