import type { Registry } from 'prom-client';

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
