import { Registry } from 'prom-client';
import { registerMetrics } from './prom-client.ts';
import type { Snapshot } from './snapshot.ts';

/** A snapshot as an exposition of our metrics alone: what is not about a running exporter. */
export async function renderSnapshot(snapshot: Snapshot): Promise<string> {
  const registry = new Registry();
  registerMetrics(registry, () => snapshot);
  return registry.metrics();
}
