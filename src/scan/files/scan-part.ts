import { readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { MAX_LINE_BYTES } from '../../input/lines.ts';
import type { LineListener, LineScanner, PartResult } from '../lines/line-scanner.ts';

const LINE_FEED = 10;
const SPACE = 32;

/** A part of a file that was scanned. */
export interface FilePart {
  readonly result: PartResult;
  /** Less than the part if the file became shorter meanwhile. */
  readonly bytes: number;
}

/** Scans a part of a file that begins and ends with a line. Takes the descriptor, and the part in bytes. Throws what read(2) says. */
export function scanPart(
  fd: number,
  start: number,
  end: number,
  scanner: LineScanner,
  listener: LineListener,
): FilePart {
  scanner.begin(listener, () => lineBefore(fd, start));
  let position = start;
  while (position < end) {
    const { room } = scanner;
    const bytes = readSync(fd, room, 0, Math.min(room.length, end - position), position);
    if (bytes === 0) break;
    position += bytes;
    scanner.take(bytes);
  }
  return { result: scanner.end(), bytes: position - start };
}

/** The whole line that ends before a position; undefined if it is too long, or there is none. */
export function lineBefore(fd: number, position: number): string | undefined {
  if (position === 0) return undefined;
  const start = Math.max(0, position - MAX_LINE_BYTES - 2);
  const bytes = Buffer.alloc(position - start);
  const read = readSync(fd, bytes, 0, bytes.length, start);
  const text = bytes.toString('latin1', 0, read - 1);
  const feed = text.lastIndexOf('\n');
  if (feed < 0 && start > 0) return undefined;
  return text.slice(feed + 1).replace(/\r$/, '');
}

/** A line start is looked for in blocks: the first is enough for all lines but very long ones. */
const FIRST_BLOCK_BYTES = 4 * 1024;
const BLOCK_BYTES = 64 * 1024;
/** No line that is a record is so long, nor are the lines that go on with one. */
const SEARCH_BYTES = 1024 * 1024;

/**
 * Where the first line begins at or after a position of a file, that does not begin with a space: such a line may go on with the one before
 * it. Gives `end` when the file ends before, and undefined when there is none for a long way.
 */
export function lineStartFrom(fd: number, position: number, end: number): number | undefined {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  const last = Math.min(end, position + SEARCH_BYTES);
  let isAfterFeed = false;
  let at = position - 1;
  for (let size = FIRST_BLOCK_BYTES; at < last; size = BLOCK_BYTES) {
    const bytes = block.subarray(0, readSync(fd, block, 0, Math.min(size, last - at), at));
    if (bytes.length === 0) return end;
    let feed: number = isAfterFeed ? -1 : bytes.indexOf(LINE_FEED);
    while ((isAfterFeed || feed >= 0) && feed + 1 < bytes.length) {
      isAfterFeed = false;
      if (bytes[feed + 1] !== SPACE) return at + feed + 1;
      feed = bytes.indexOf(LINE_FEED, feed + 1);
    }
    isAfterFeed = feed >= 0;
    at += bytes.length;
  }
  return last === end ? end : undefined;
}

/** What a file holds from one position to another, so that others get their turn. */
export async function* readRange(fd: number, start: number, end: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  for (let position = start; position < end && !signal.aborted; ) {
    const bytes = readSync(fd, block, 0, Math.min(BLOCK_BYTES, end - position), position);
    if (bytes === 0) return;
    position += bytes;
    yield block.subarray(0, bytes);
    await setImmediate();
  }
}
