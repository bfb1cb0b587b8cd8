import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { atExit } from './at-exit.mjs';
import { Child } from './child.mjs';
import { Exporter, sumOf } from './exporter.mjs';
import { cpuSeconds, residentMb } from './process-usage.mjs';
import { Skip } from './skip.mjs';
import { row } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';

const DEVICE = '/dev/kmsg';
const RECORDS_PER_SECOND = 50_000;
const SECONDS = 10;
const ONSET_MS = 1_000;
/** Whether user space may write to the device, and whether it is slowed down. */
const PERMISSION = '/proc/sys/kernel/printk_devkmsg';
const NAIVE_READER = beside('naive-kmsg-reader.mjs');

/** Following the kernel's log in a flood: nothing may be lost. What was in the log before is pushed out of it. */
export async function* device() {
  const directory = temporaryDirectory();
  const restore = permitWriting();
  try {
    const write = writer(directory.path);
    const naive = await underNaiveReader(write);
    yield await underExporter(write, naive);
  } finally {
    restore();
    directory.remove();
  }
}

/** @typedef {{ records: number, ms: number, lateMs: number, ringBytes?: number }} Written */

/** @param {() => Child} write */
async function underNaiveReader(write) {
  const reader = new Child(process.execPath, [NAIVE_READER]);
  await reader.line(/^ready/);
  await write().json();
  // Its timer gets to the last records too.
  await sleep(300);
  await reader.stop();
  return JSON.parse(reader.lines.at(-1) ?? 'null');
}

/** @param {() => Child} write @param {{ records: number, lost: number, cpuSeconds: number, peakMb: number }} naive */
async function underExporter(write, naive) {
  const exporter = await Exporter.start(`--input.kmsg=${DEVICE}`);
  try {
    await exporter.reach('srcroute_log_up', 1);
    const cpuBefore = cpuSeconds(exporter.pid);
    const flood = write();
    // The one scrape of the flood: it tells what the sudden beginning cost from what the flood itself does.
    await sleep(ONSET_MS);
    const lostAtOnset = await exporter.sum('srcroute_log_lost_records_total');
    /** @type {Written} */
    const written = await flood.json();
    await exporter.reach('srcroute_log_records_total', written.records, 1_000);
    const cpu = cpuSeconds(exporter.pid) - cpuBefore;
    const exposition = await exporter.scrape();
    return {
      title: `${RECORDS_PER_SECOND.toLocaleString('en-US')} records/s for ${SECONDS} s through ${DEVICE}`,
      peer: 'a reader with a fixed timer of 100 ms, in a flood of its own',
      rows: [
        ...(written.ringBytes === undefined ? [] : [row("the kernel's ring", written.ringBytes / 1024, 'KiB')]),
        row('written', written.records, 'records'),
        row('written, rate', written.records / (written.ms / 1000), 'records/s'),
        row('writer late, at most', written.lateMs, 'ms'),
        row('read', sumOf(exposition, 'srcroute_log_records_total'), 'records', { peer: naive.records }),
        row('lost', sumOf(exposition, 'srcroute_log_lost_records_total'), 'records', { atMost: 0, peer: naive.lost }),
        row(`of these in the first ${ONSET_MS / 1000} s`, lostAtOnset, 'records'),
        row('processor time', cpu, 's', { peer: naive.cpuSeconds }),
        row('processor time a record read', (cpu / sumOf(exposition, 'srcroute_log_records_total')) * 1e6, 'us', {
          peer: (naive.cpuSeconds / naive.records) * 1e6,
        }),
        row('memory, most', residentMb(exporter.pid).peak, 'MB', { peer: naive.peakMb }),
      ],
    };
  } finally {
    await exporter.stop();
  }
}

/** Lets user space write without a rate limit; gives what restores the setting, which the end of the process does too. */
function permitWriting() {
  try {
    const before = readFileSync(PERMISSION, 'latin1').trim();
    writeFileSync(PERMISSION, 'on\n');
    return atExit(() => writeFileSync(PERMISSION, `${before}\n`));
  } catch (error) {
    throw new Skip(`cannot set ${PERMISSION}: run it as root (${/** @type {Error} */ (error).message})`);
  }
}

/** What starts the writer: compiled where there is a compiler. @param {string} directory @returns {() => Child} */
function writer(directory) {
  const args = [String(RECORDS_PER_SECOND), String(SECONDS)];
  const program = `${directory}/kmsg-writer`;
  try {
    execFileSync('cc', ['-O2', '-o', program, beside('kmsg-writer.c')], { stdio: 'ignore' });
    return () => new Child(program, args);
  } catch {
    return () => new Child(process.execPath, [beside('kmsg-writer.mjs'), ...args]);
  }
}

/** @param {string} name */
function beside(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}
