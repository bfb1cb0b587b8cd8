import type { Samples } from '../exporter.ts';
import { seriesKey } from '../parse-exposition.ts';

/** Counters that survive a restart; the others are of one process. */
const KEPT = /^srcroute_(?:events|source_events|subnet_events|expired_\w+|new_sources|log_\w+|kernel_\w+)_total$/;

/** Holds one scrape after another against the one before: no counter that survives may ever go down. */
export class NeverDown {
  readonly #last = new Map<string, number>();
  scrapes = 0;

  /** Throws if one did. */
  take(samples: Samples): void {
    this.scrapes += 1;
    const [fallen] = this.#fallen(samples);
    if (fallen !== undefined) throw new Error(fallen);
    for (const { name, labels, value } of samples.all) {
      if (KEPT.test(name)) this.#last.set(seriesKey(name, labels), value);
    }
  }

  isBelow(samples: Samples): boolean {
    return this.#fallen(samples).length > 0;
  }

  #fallen(samples: Samples): string[] {
    return samples.all.flatMap(({ name, labels, value }) => {
      const key = seriesKey(name, labels);
      const last = this.#last.get(key) ?? 0;
      return KEPT.test(name) && value < last ? [`${key} went down from ${last} to ${value}`] : [];
    });
  }
}
