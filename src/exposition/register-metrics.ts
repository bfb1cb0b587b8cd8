import type { Metric as PromMetric, Registry } from 'prom-client';
import { METRICS } from './metrics.ts';
import type { Snapshot } from './snapshot.ts';

const NONE = {};

/** Puts our metrics into a registry, rendered of what gives the present snapshot. */
export function registerMetrics(registry: Registry, current: () => Snapshot): void {
  for (const { name, help, type, samples } of METRICS) {
    // Rendered like a metric of prom-client's own: the counting is done in our tables, and labels are never joined into keys.
    // prom-client keeps the text of shared labels as long as their object: what a scrape has in common with the last one is made once.
    const values = () => samples(current()).map(({ labels, value }) => ({ labels: NONE, sharedLabels: labels, value }));
    const metric = { name, help, type, aggregator: 'sum', get: () => ({ name, help, type, values: values() }) };
    registry.registerMetric(metric as unknown as PromMetric);
  }
}
