import { setImmediate } from 'node:timers/promises';
import type { LogTotals } from './log-totals.ts';
import type { ScanCrew } from './scan-crew.ts';
import { type FilePart, lineBefore, lineStartFrom, readRange, scanPart } from './scan-part.ts';
import { scanStream } from './scan-stream.ts';

/** A part is some milliseconds of work, so that others get their turn. */
const PART_BYTES = 4 * 1024 * 1024;
/** A smaller file is scanned before a thread has begun. */
const LEAST_FOR_HELPER = 16 * 1024 * 1024;
/** One that it works on, and one that it goes on with. */
const ASKED_AT_ONCE = 2;

/**
 * Scans a file from its start to a size, in parts that begin and end with a line: on this thread and, if it is worth it, on another one too.
 * Ends early with the signal. Throws what read(2) says.
 */
export async function scanFile(fd: number, size: number, crew: ScanCrew, totals: LogTotals): Promise<void> {
  const { scanner, listener, signal, onProgress } = crew;
  const helper = size >= LEAST_FOR_HELPER ? crew.helper() : undefined;
  const parts = new OrderedParts(totals);
  const asked = new Set<Promise<void>>();
  let position = 0;

  const nextPart = () => {
    const start = position;
    const end = start + PART_BYTES < size ? lineStartFrom(fd, start + PART_BYTES, size) : size;
    if (end === undefined) return undefined;
    position = end;
    return { start, end, index: parts.begin() };
  };
  const isLeft = () => position < size && !signal.aborted;
  const take = (index: number, part: FilePart) => {
    parts.end(index, part);
    onProgress(part.bytes);
  };

  try {
    while (isLeft()) {
      while (helper !== undefined && helper.asked < ASKED_AT_ONCE && isLeft()) {
        const next = nextPart();
        if (next === undefined) break;
        const { index, start, end } = next;
        const answer: Promise<void> = helper.scan({ fd, start, end }).then((part) => {
          take(index, part);
          asked.delete(answer);
        });
        // Whoever waits for it hears of its trouble.
        answer.catch(() => {});
        asked.add(answer);
      }
      if (!isLeft()) break;
      const next = nextPart();
      if (next === undefined) break;
      const { index, start, end } = next;
      take(index, scanPart(fd, start, end, scanner, listener));
      await setImmediate();
    }
    await Promise.all(asked);
  } finally {
    // The descriptor is closed after us: nobody may read it then.
    await Promise.allSettled(asked);
  }
  // Lines that are so long can be in no log; there is no place to cut the file any more.
  if (isLeft())
    await scanStream(told(readRange(fd, position, size, signal), onProgress), crew, totals, {
      lineBefore: () => lineBefore(fd, position),
      isFinal: false,
    });
}

async function* told(chunks: AsyncIterable<Buffer>, onProgress: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onProgress(chunk.length);
    yield chunk;
  }
}

/** Adds the parts of a file up in their order, in whatever order they were scanned. */
class OrderedParts {
  readonly #totals: LogTotals;
  readonly #ended = new Map<number, FilePart>();
  #begun = 0;
  #added = 0;

  constructor(totals: LogTotals) {
    this.#totals = totals;
  }

  /** Gives the index of the next part. */
  begin(): number {
    return this.#begun++;
  }

  end(index: number, part: FilePart): void {
    this.#ended.set(index, part);
    for (let next = this.#ended.get(this.#added); next !== undefined; next = this.#ended.get(this.#added)) {
      this.#totals.add(next.result, next.bytes);
      this.#ended.delete(this.#added++);
    }
  }
}
