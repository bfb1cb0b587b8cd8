import { closeSync, constants, createReadStream, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { compressionOf, MAGIC_BYTES } from './compression.ts';
import { decompressed } from './decompressed.ts';
import type { LogTotals } from './log-totals.ts';
import { openPipe, openStandardInput } from './open-pipe.ts';
import { readDevice } from './read-device.ts';
import type { ScanCrew } from './scan-crew.ts';
import { scanFile } from './scan-file.ts';
import { scanStream } from './scan-stream.ts';

/** What names standard input. */
export const STANDARD_INPUT = '-';
const READ_BYTES = 256 * 1024;

/** A log that could not be read whole, and why: one line for a person. */
export class LogError extends Error {}

/**
 * Scans one log from start to end: a file as long as it is now, a pipe or standard input until it ends, a device until it has nothing more.
 * Ends early with the signal. Throws LogError when it cannot be read whole; what was read before is told all the same.
 */
export async function scanLog(path: string, crew: ScanCrew, totals: LogTotals): Promise<void> {
  try {
    await scan(path, crew, totals);
  } catch (error) {
    if (crew.signal.aborted) return;
    throw new LogError(`Cannot read ${nameOf(path)}${totals.bytes > 0 ? ' to its end' : ''}: ${reason(error)}`, {
      cause: error,
    });
  }
}

/** A log as a message names it. */
export function nameOf(path: string): string {
  return path === STANDARD_INPUT ? 'standard input' : path;
}

async function scan(path: string, crew: ScanCrew, totals: LogTotals): Promise<void> {
  if (path === STANDARD_INPUT) {
    const stream = openStandardInput();
    await (stream === undefined ? scanOpened('/dev/stdin', crew, totals) : scanReadable(stream, crew, totals, true));
    return;
  }
  const kind = statSync(path);
  if (kind.isFIFO()) await scanReadable(await openPipe(path, crew.signal), crew, totals, true);
  else await scanOpened(path, crew, totals);
}

async function scanOpened(path: string, crew: ScanCrew, totals: LogTotals): Promise<void> {
  // A device without anything to say would hold us for ever.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let size = 0;
  let isCompressed = false;
  try {
    const stats = fstatSync(fd);
    isCompressed = stats.isFile() && hasCompressed(fd);
    if (stats.isDirectory()) throw new Error('it is a directory');
    if (!stats.isFile()) {
      await scanStream(readDevice(fd, crew.signal), crew, totals, { isFinal: false });
    } else if (!isCompressed && isInParts(crew)) {
      await scanFile(fd, stats.size, crew, totals);
      if (totals.bytes < stats.size && !crew.signal.aborted) throw new Error('it became shorter while it was read');
    } else {
      size = stats.size;
    }
  } finally {
    closeSync(fd);
  }
  // A stream closes what it reads itself.
  if (size > 0) {
    await scanReadable(
      createReadStream(path, { end: size - 1, highWaterMark: READ_BYTES }),
      crew,
      totals,
      isCompressed,
    );
  }
}

function hasCompressed(fd: number): boolean {
  const head = Buffer.alloc(MAGIC_BYTES);
  readSync(fd, head, 0, MAGIC_BYTES, 0);
  return compressionOf(head) !== undefined;
}

/** Lines have numbers only when they are read from the start. */
function isInParts({ listener }: ScanCrew): boolean {
  return listener.onLine === undefined;
}

/** A file may be in the middle of being written; what came through a pipe or was compressed is all there is. */
async function scanReadable(stream: Readable, crew: ScanCrew, totals: LogTotals, isFinal: boolean): Promise<void> {
  await scanStream(decompressed(addAbortSignal(crew.signal, stream), crew.onProgress), crew, totals, { isFinal });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied: be a member of the group that owns it (adm on Debian and Ubuntu), or root',
  EPERM: 'permission denied: the kernel log needs CAP_SYSLOG or root',
  EISDIR: 'it is a directory',
};

function reason(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}
