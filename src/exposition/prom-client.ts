import { collectDefaultMetrics, type Metric as PromMetric, type Registry } from 'prom-client';
import { METRICS } from './metrics.ts';
import type { Snapshot } from './snapshot.ts';

// All that knows what prom-client is like inside: how a registry asks its metrics (get, aggregator, sharedLabels), and what its
// default metrics are made of. Hence the `~` in package.json and the contract test of this file's name.

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

/** Gauges that are named like counters: promtool refuses them. */
const MISNAMED = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total'];

/** How often the delay of the event loop is sampled, in milliseconds: prom-client's 10 would be most of what an idle exporter costs. */
const EVENT_LOOP_SAMPLING_MS = 1_000;

/** Puts what prom-client knows of the process and of Node.js into a registry. */
export function registerProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLING_MS });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  showTrueLag(registry, EVENT_LOOP_SAMPLING_MS / 1000);
}

/** Statistics of the time from one sample of the event loop to the next; the standard deviation needs no mending but when there is no sample. */
const INTERVALS = ['min', 'max', 'mean', 'p50', 'p90', 'p99'].map((part) => `nodejs_eventloop_lag_${part}_seconds`);
const DEVIATION = 'nodejs_eventloop_lag_stddev_seconds';

/** What an empty histogram gives for its least value is 2^63 nanoseconds. */
const LEAST_ABSURD_SECONDS = 1e9;

/**
 * Makes what prom-client shows as the lag of the event loop the lag: Node's histogram counts the sampling interval in (seconds), and
 * gives 0, NaN or 292 years where nothing was sampled since the last scrape. Then there is no value.
 */
export function showTrueLag(registry: Registry, samplingSeconds: number): void {
  for (const name of [...INTERVALS, DEVIATION]) {
    const metric = registry.getSingleMetric(name) as unknown as Lag | undefined;
    if (metric === undefined) continue;
    const get = metric.get.bind(metric);
    const less = name === DEVIATION ? 0 : samplingSeconds;
    metric.get = async () => {
      const shown = await get();
      // No sample is shorter than the interval, but for the clock's grain.
      const known = shown.values.filter(({ value }) => value >= less / 2 && value < LEAST_ABSURD_SECONDS);
      return { ...shown, values: known.map((sample) => ({ ...sample, value: Math.max(0, sample.value - less) })) };
    };
  }
}

interface Lag {
  get(): Promise<{ values: { value: number }[] }>;
}
