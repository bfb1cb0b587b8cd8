import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Child } from './child.mjs';
import { Exporter, sumOf } from './exporter.mjs';
import { bytesRead, cpuSeconds, residentMb } from './process-usage.mjs';
import { median } from './statistics.mjs';
import { syslogLines } from './syslog-lines.mjs';
import { row } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';

const LINES_PER_SECOND = 200_000;
const SECONDS = 10;
const BACKLOG_BYTES = 300e6;
const WRITER = fileURLToPath(new URL('syslog-writer.mjs', import.meta.url));
const PLAIN_READER = fileURLToPath(new URL('plain-reader.mjs', import.meta.url));

/** Following a file that grows fast, and reading a large one from its start. */
export async function* file() {
  const directory = temporaryDirectory();
  try {
    yield await follow(`${directory.path}/followed.log`);
    yield await catchUp(`${directory.path}/backlog.log`);
    yield await answers(`${directory.path}/backlog.log`);
  } finally {
    directory.remove();
  }
}

/** @param {string} path */
async function follow(path) {
  writeFileSync(path, '');
  const exporter = await Exporter.start(`--input.file=${path}`, '--input.from=start');
  try {
    const cpuBefore = cpuSeconds(exporter.pid);
    const writer = new Child(process.execPath, [WRITER, path, String(LINES_PER_SECOND), String(SECONDS)]);
    const written = await writer.json();
    const endedAt = performance.now();
    const read = await exporter.reach('srcroute_log_records_total', written.lines);
    const behindMs = performance.now() - endedAt;
    const cpu = cpuSeconds(exporter.pid) - cpuBefore;
    const counted = await exporter.sum('srcroute_events_total');
    return {
      title: `following a file at ${LINES_PER_SECOND.toLocaleString('en-US')} lines/s for ${SECONDS} s, 1 % of them events`,
      rows: [
        row('written', written.lines, 'lines'),
        row('written, rate', written.lines / (written.ms / 1000), 'lines/s'),
        row('written, rate', written.bytes / 1e3 / written.ms, 'MB/s'),
        row('lost', written.lines - read, 'lines', { atMost: 0 }),
        row('events not counted', written.events - counted, 'events', { atMost: 0 }),
        row('read after the last write', behindMs, 'ms'),
        row('processor time a second', cpu / (written.ms / 1000), 's/s'),
        row('memory, most', residentMb(exporter.pid).peak, 'MB'),
      ],
    };
  } finally {
    await exporter.stop();
  }
}

/** @param {string} path */
async function catchUp(path) {
  const backlog = writeBacklog(path);
  const megabytes = statSync(path).size / 1e6;
  // Read once beforehand, by the peer: neither is to be the one that waits for the disk.
  await new Child(process.execPath, [PLAIN_READER, path]).json();
  const plain = new Child(process.execPath, [PLAIN_READER, path]);
  const peer = await plain.json();
  const peerSeconds = (performance.now() - plain.spawnedAt) / 1000;

  const exporter = await Exporter.start(`--input.file=${path}`, '--input.from=start');
  try {
    // A scrape costs what is measured here; looking at how much was read does not.
    while (bytesRead(exporter.pid) < megabytes * 1e6) await new Promise((resolve) => setTimeout(resolve, 5));
    const read = await exporter.reach('srcroute_log_records_total', backlog.lines);
    const seconds = (performance.now() - exporter.spawnedAt) / 1000;
    const cpu = cpuSeconds(exporter.pid);
    const counted = sumOf(await exporter.scrape(), 'srcroute_events_total');
    return {
      title: `catching up ${Math.round(megabytes)} MB, from spawn to the last line`,
      peer: 'a plain loop: chunks, split, one regular expression a line',
      rows: [
        row('in the file', backlog.lines, 'lines', { peer: peer.lines }),
        row('lost', backlog.lines - read, 'lines', { atMost: 0 }),
        row('events not counted', backlog.events - counted, 'events', { atMost: 0 }),
        row('rate', megabytes / seconds, 'MB/s', { peer: megabytes / peerSeconds }),
        row('rate', backlog.lines / seconds, 'lines/s', { peer: backlog.lines / peerSeconds }),
        row('processor time', cpu, 's', { peer: peer.cpuSeconds }),
        row('memory, most', residentMb(exporter.pid).peak, 'MB', { peer: peer.peakMb }),
      ],
    };
  } finally {
    await exporter.stop();
  }
}

/** What requests take while the backlog is read. @param {string} path */
async function answers(path) {
  const exporter = await Exporter.start(`--input.file=${path}`, '--input.from=start');
  try {
    const times = [];
    const size = statSync(path).size;
    while (bytesRead(exporter.pid) < size) {
      for (const page of ['/metrics', '/-/healthy', '/-/ready', '/']) {
        const start = performance.now();
        await (await fetch(exporter.origin + page)).text();
        times.push(performance.now() - start);
      }
    }
    return {
      title: `requests while it catches up ${Math.round(size / 1e6)} MB`,
      rows: [
        row('answered', times.length, 'requests'),
        row('median', median(times), 'ms'),
        row('worst', Math.max(...times), 'ms', { atMost: 1_000 }),
      ],
    };
  } finally {
    await exporter.stop();
  }
}

/** One block of generated lines again and again. @param {string} path */
function writeBacklog(path) {
  const block = syslogLines({ seed: 1, lines: 100_000, eventEvery: 100, hosts: 1000 });
  const bytes = Buffer.from(block.text, 'latin1');
  const fd = openSync(path, 'w');
  let blocks = 0;
  for (let size = 0; size < BACKLOG_BYTES; size += bytes.length, blocks++) {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  }
  closeSync(fd);
  return { lines: blocks * block.lines, events: blocks * block.events };
}
