import { collectDefaultMetrics, Registry } from 'prom-client';
import { showTrueLag } from './event-loop-lag.ts';
import { registerMetrics } from './register-metrics.ts';
import type { Snapshot } from './snapshot.ts';

/** Gauges that are named like counters: promtool refuses them. */
const MISNAMED = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total'];

/** How often the delay of the event loop is sampled, in milliseconds: prom-client's 10 would be most of what an idle exporter costs. */
const EVENT_LOOP_SAMPLING_MS = 1_000;

/** An exposition, ready to be served. */
export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

/**
 * Takes what gives the present snapshot, and gives what renders it. All our metrics of one scrape are of one moment, so that what
 * adds up in the ledger adds up in the exposition.
 */
export function createScrape(snapshot: () => Snapshot): () => Promise<Exposition> {
  const registry = new Registry();
  let current: Snapshot;
  registerMetrics(registry, () => current);
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLING_MS });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  showTrueLag(registry, EVENT_LOOP_SAMPLING_MS / 1000);
  return async () => {
    current = snapshot();
    // The registry asks all metrics before it first waits, so a record that comes meanwhile is in none of them.
    return { contentType: registry.contentType, body: await registry.metrics() };
  };
}
