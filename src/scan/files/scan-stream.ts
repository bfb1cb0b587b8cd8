import type { LogTotals } from './log-totals.ts';
import type { ScanCrew } from './scan-crew.ts';

const LINE_FEED = 10;

/** What a stream begins after, and whether its end is the end for good: then a last line without a line end is whole. */
export interface StreamPlace {
  readonly lineBefore?: () => string | undefined;
  readonly isFinal: boolean;
}

/**
 * Scans what a stream gives, on this thread. What came before an error is told all the same; then the error is thrown. Ends early with the
 * signal.
 */
export async function scanStream(
  stream: AsyncIterable<Buffer>,
  crew: ScanCrew,
  totals: LogTotals,
  { lineBefore, isFinal }: StreamPlace,
): Promise<void> {
  const { scanner, listener, signal } = crew;
  scanner.begin(listener, lineBefore);
  let bytes = 0;
  let last = LINE_FEED;
  try {
    for await (const chunk of stream) {
      if (signal.aborted) break;
      for (let taken = 0; taken < chunk.length; ) {
        const copied = chunk.copy(scanner.room, 0, taken);
        scanner.take(copied);
        taken += copied;
      }
      bytes += chunk.length;
      last = chunk.at(-1) ?? last;
    }
    if (isFinal && last !== LINE_FEED && !signal.aborted) {
      scanner.room[0] = LINE_FEED;
      scanner.take(1);
    }
  } finally {
    totals.add(scanner.end(), bytes);
  }
}
