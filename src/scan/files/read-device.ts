import { readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

const READ_BYTES = 64 * 1024;

/** Reads what a device holds by now: /dev/kmsg gives a record at a time. Takes a descriptor that does not block. Throws what read(2) says. */
export async function* readDevice(fd: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  while (!signal.aborted) {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const bytes = readOnce(fd, buffer);
    if (bytes === 0) return;
    if (bytes > 0) yield buffer.subarray(0, bytes);
    await setImmediate();
  }
}

/** Bytes that were read; 0 at the end, and negative when records were overwritten meanwhile: the next read goes on after them. */
function readOnce(fd: number, buffer: Buffer): number {
  try {
    return readSync(fd, buffer, 0, buffer.length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return 0;
    if (code === 'EPIPE') return -1;
    throw error;
  }
}
