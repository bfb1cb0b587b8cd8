// A process of its own: appends generated lines to a file, evenly. Takes the path, lines a second, seconds,
// of how many lines one is an event, and of how many hosts; prints what it wrote as JSON.
import { openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { syslogLines } from './syslog-lines.mjs';

const BATCH_MS = 10;
const POOL = 50;

const [path = '', linesPerSecond, seconds, eventEvery = '100', hosts = '1000'] = process.argv.slice(2);
const batch = (Number(linesPerSecond) * BATCH_MS) / 1000;
const batches = (Number(seconds) * 1000) / BATCH_MS;
const pool = Array.from({ length: POOL }, (_, seed) => {
  const { text, events } = syslogLines({ seed, lines: batch, eventEvery: Number(eventEvery), hosts: Number(hosts) });
  return { bytes: Buffer.from(text, 'latin1'), events };
});

const fd = openSync(path, 'a');
const start = performance.now();
let written = 0;
let events = 0;
for (let n = 0; n < batches; n++) {
  const wait = start + n * BATCH_MS - performance.now();
  if (wait > 0) await sleep(wait);
  const next = pool[n % POOL];
  if (next === undefined) throw new RangeError('No such batch');
  for (let done = 0; done < next.bytes.length; ) done += writeSync(fd, next.bytes, done);
  written += next.bytes.length;
  events += next.events;
}
console.log(JSON.stringify({ lines: batches * batch, events, bytes: written, ms: performance.now() - start }));
