import { parseRules } from '../alerts/rule-file.ts';
import type { Watching } from './boards/watch.ts';
import { parseExposition } from './parse-exposition.ts';

/** What a fleet costs its Prometheus. */
export interface FleetCost {
  readonly hosts: number;
  /** Samples of a scrape, which are series: the median and the largest of all hosts. */
  readonly scraped: { readonly median: number; readonly most: number };
  /** Series that the recording rules make of one host. */
  readonly recorded: { readonly median: number; readonly most: number };
  /** Series of alerts, two for each. */
  readonly alerts: number;
  /** All that it holds in memory, those that ended lately too. */
  readonly headSeries: number;
  /** An evaluation of all rules: its median time in seconds, and how many samples it reads. */
  readonly evaluation: { readonly seconds: number; readonly samples: number };
  readonly residentBytes: number;
}

/** Asks Prometheus by now. Takes the text of the rules that it evaluates. */
export async function fleetCost(prometheus: Watching, rules: string): Promise<FleetCost> {
  const exposition = parseExposition(await (await fetch(`${prometheus.url}/metrics`)).text());
  const own = (name: string, quantile?: string) =>
    exposition.find((sample) => sample.name === name && sample.labels.quantile === quantile)?.value ?? Number.NaN;
  let samples = 0;
  for (const { expr = '' } of parseRules(rules)) samples += await prometheus.samplesRead(expr);
  const values = async (expr: string) => (await prometheus.query(expr)).map(({ value }) => value).sort((a, b) => a - b);
  const spread = async (expr: string) => {
    const sorted = await values(expr);
    return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 };
  };
  return {
    hosts: (await values('up')).length,
    scraped: await spread('scrape_samples_scraped > 0'),
    recorded: await spread('count by (instance) ({__name__=~".+:.+",instance!=""})'),
    alerts: (await values('{__name__=~"ALERTS.*"}')).length,
    headSeries: own('prometheus_tsdb_head_series'),
    evaluation: { seconds: own('prometheus_rule_group_duration_seconds', '0.5'), samples },
    residentBytes: own('process_resident_memory_bytes'),
  };
}
