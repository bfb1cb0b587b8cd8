import { Registry } from 'prom-client';
import { registerMetrics, registerProcessMetrics } from './prom-client.ts';
import type { Snapshot } from './snapshot.ts';

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
  registerProcessMetrics(registry);
  return async () => {
    current = snapshot();
    // The registry asks all metrics before it first waits, so a record that comes meanwhile is in none of them.
    return { contentType: registry.contentType, body: await registry.metrics() };
  };
}
