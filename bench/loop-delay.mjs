// Loaded into a process before its program (`node --import`): measures how late its event loop comes round, all its life, and writes
// that at its end as JSON, in milliseconds, to the file named by LOOP_DELAY_FILE. What the exporter shows itself is sampled once a
// second and begun anew at each scrape: with a scrape a second there is never a sample.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 10;
const path = process.env.LOOP_DELAY_FILE;

if (isMainThread && path !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // Node counts the interval at which it looks in.
  const delay = (/** @type {number} */ nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  process.on('exit', () => {
    const { mean, max, count: samples } = histogram;
    writeFileSync(
      path,
      JSON.stringify({ samples, mean: delay(mean), p99: delay(histogram.percentile(99)), max: delay(max) }),
    );
  });
}
