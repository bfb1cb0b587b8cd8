import { closeSync, constants, createReadStream, fstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { isatty, ReadStream } from 'node:tty';

const POLL_MS = 20;

/**
 * Standard input as a stream that can be given up: a read of a pipe that blocks would keep the process from ending. Undefined for a device,
 * which is better opened anew.
 */
export function openStandardInput(): Readable | undefined {
  const stats = fstatSync(0);
  if (stats.isFIFO() || stats.isSocket()) return new Socket({ fd: 0, readable: true, writable: false });
  if (stats.isFile()) return createReadStream('', { fd: 0, autoClose: false });
  return isatty(0) ? new ReadStream(0) : undefined;
}

/** Opens a pipe by its name, and waits until somebody writes to it. Rejects with the signal. */
export async function openPipe(path: string, signal: AbortSignal): Promise<Readable> {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const first = isAnonymous(path) ? Buffer.alloc(0) : await firstBytes(fd, signal);
    const socket = new Socket({ fd, readable: true, writable: false });
    if (first.length > 0) socket.unshift(first);
    return socket;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A shell's `<(command)`: who writes to it did so before we were there, and may have ended. */
function isAnonymous(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('pipe:');
  } catch {
    return false;
  }
}

/** What is there when there is a writer; before, a pipe seems to be at its end. */
async function firstBytes(fd: number, signal: AbortSignal): Promise<Buffer> {
  const buffer = Buffer.alloc(4096);
  for (;;) {
    try {
      const bytes = readSync(fd, buffer, 0, buffer.length, null);
      if (bytes > 0) return buffer.subarray(0, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return Buffer.alloc(0);
      throw error;
    }
    await setTimeout(POLL_MS, undefined, { signal });
  }
}
