/** The least time between two readings, in milliseconds. */
const MIN_AGE_MS = 100;
/** A reading may take this share of the time. */
const MAX_SHARE = 0.01;

/**
 * Keeps what was read for a moment: at most 100 ms, or so long that reading takes 1 % of the time. Takes the reading and a clock
 * (milliseconds) that never goes back.
 */
export function cachedReading<T>(read: () => T, now: () => number): () => T {
  let value: T;
  let validUntil = Number.NEGATIVE_INFINITY;
  return () => {
    const start = now();
    if (start >= validUntil) {
      value = read();
      const end = now();
      validUntil = end + Math.max(MIN_AGE_MS, (end - start) / MAX_SHARE);
    }
    return value;
  };
}
