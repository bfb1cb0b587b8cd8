import { closeSync, openSync, writeSync } from 'node:fs';
import { syslogLines } from './syslog-lines.mjs';

const LINES_A_BLOCK = 100_000;

/**
 * Writes a log of a kernel in syslog's oldest form, the same for the same seed: block after block of generated lines until it has the
 * size. No block is like another.
 * @param {string} path
 * @param {{ seed: number, bytes: number, eventEvery: number, hosts: number }} shape
 * @returns {{ lines: number, events: number, bytes: number }}
 */
export function writeKernelLog(path, { seed, bytes, eventEvery, hosts }) {
  const fd = openSync(path, 'w');
  const written = { lines: 0, events: 0, bytes: 0 };
  try {
    for (let block = 0; written.bytes < bytes; block++) {
      const { text, lines, events } = syslogLines({ seed: seed + block, lines: LINES_A_BLOCK, eventEvery, hosts });
      const chunk = Buffer.from(text, 'latin1');
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
      written.lines += lines;
      written.events += events;
      written.bytes += chunk.length;
    }
  } finally {
    closeSync(fd);
  }
  return written;
}
