import { appendFileSync } from 'node:fs';
import type { Exporter, Samples } from './exporter.ts';

/** Attempts counted of a source. */
export function count(samples: Samples, source_ip: string): number {
  return samples.value('srcroute_source_events_total', { event: 'source_route_attempt', source_ip }) ?? 0;
}

/** Reads all that the log holds by now: up to a record that only user space can have written. */
export async function readToNow(exporter: Exporter): Promise<Samples> {
  const rejected = (samples: Samples) =>
    samples.value('srcroute_log_rejected_records_total', { input: '/dev/kmsg', reason: 'userspace' }) ?? 0;
  const before = rejected(await exporter.samples());
  appendFileSync('/dev/kmsg', 'IPv4: source route option 198.18.63.255 -> 198.18.62.1\n');
  return exporter.until('the last record is read', (samples) => rejected(samples) > before);
}
