import type { Samples } from '../exporter.ts';
import { seriesKey } from '../parse-exposition.ts';

/** Counters that survive a restart; the others are of one process. */
const KEPT = /^srcroute_(?:events|source_events|subnet_events|expired_\w+|new_sources|log_\w+|kernel_\w+)_total$/;

/** Holds one scrape after another against the one before: no counter that survives may ever go down. */
export class NeverDown {
  readonly #last = new Map<string, number>();
  scrapes = 0;

  take(samples: Samples): void {
    this.scrapes += 1;
    for (const { name, labels, value } of samples.all) {
      if (!KEPT.test(name)) continue;
      const key = seriesKey(name, labels);
      const last = this.#last.get(key) ?? 0;
      if (value < last) throw new Error(`${key} went down from ${last} to ${value}`);
      this.#last.set(key, value);
    }
  }
}
