// How the exporter is after half an hour of attack: `node bench/soak.mjs --minutes=30`. Build first. By hand, because of its length:
// 1,000 events a second from 65,536 hosts into a file that is rotated every minute, a scrape every second.
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { lost, rejected, violations } from './conservation.mjs';
import { Exporter, MAIN, seriesOf, sumOf } from './exporter.mjs';
import { cpuSeconds, residentMb } from './process-usage.mjs';
import { RotatedLog } from './rotated-log.mjs';
import { slope } from './slope.mjs';
import { median, quantile } from './statistics.mjs';
import { row, table } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';

const EVENTS_PER_SECOND = 1_000;
const SCRAPE_EVERY_MS = 1_000;
const ROTATE_EVERY_MS = 60_000;
const LOOP_DELAY = new URL('loop-delay.mjs', import.meta.url).href;

/**
 * @typedef {object} Sample
 * @property {number} seconds since the start
 * @property {number} scrapeMs
 * @property {string[]} violations
 * @property {number} resident bytes
 * @property {number} heap bytes in use
 * @property {number} descriptors
 */

const { values: flags } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Number(flags.minutes);
if (!(minutes > 0) || !existsSync(MAIN)) {
  console.error(
    minutes > 0 ? 'Nothing is built: run npm run build' : `--minutes=${flags.minutes}: expected a number above 0`,
  );
  process.exit(2);
}
console.log(`Node.js ${process.version}, Linux ${release()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`);
console.log(`Load before: ${loadavg()[0]?.toFixed(2)}`);
const rows = await soak(minutes);
console.log(
  `\n${table({ title: `${minutes} minutes of ${EVENTS_PER_SECOND.toLocaleString('en-US')} events a second`, rows })}`,
);
console.log(`Load after: ${loadavg()[0]?.toFixed(2)}`);
process.exit(rows.some(({ missed }) => missed) ? 1 : 0);

/** @param {number} minutes */
async function soak(minutes) {
  const directory = temporaryDirectory();
  const path = `${directory.path}/kern.log`;
  const log = new RotatedLog(path, EVENTS_PER_SECOND);
  const loopDelay = `${directory.path}/loop-delay.json`;
  Object.assign(process.env, { NODE_OPTIONS: `--import=${LOOP_DELAY}`, LOOP_DELAY_FILE: loopDelay });
  const exporter = await Exporter.start(
    `--input.file=${path}`,
    '--input.from=start',
    `--state.file=${directory.path}/state.json`,
  );
  try {
    const samples = await scrapes(exporter, log, minutes * 60_000);
    const cpu = cpuSeconds(exporter.pid);
    log.end();
    const counted = await exporter.reach('srcroute_events_total', log.written);
    const { written, rotations } = log;
    const totals = { written, rotations, counted, cpu, peakMb: residentMb(exporter.pid).peak };
    const last = await exporter.scrape();
    await exporter.stop();
    return report(samples, last, totals, JSON.parse(readFileSync(loopDelay, 'utf8')));
  } finally {
    await exporter.stop();
    directory.remove();
  }
}

/** @param {Exporter} exporter @param {RotatedLog} log @param {number} milliseconds */
async function scrapes(exporter, log, milliseconds) {
  /** @type {Sample[]} */
  const samples = [];
  /** @type {string | undefined} */
  let before;
  const start = performance.now();
  for (let n = 1; n * SCRAPE_EVERY_MS <= milliseconds; n += 1) {
    await sleep(Math.max(0, start + n * SCRAPE_EVERY_MS - performance.now()));
    if ((n * SCRAPE_EVERY_MS) % ROTATE_EVERY_MS === 0) log.rotate();
    const asked = performance.now();
    const exposition = await exporter.scrape();
    const answered = performance.now();
    samples.push({
      seconds: (answered - start) / 1000,
      scrapeMs: answered - asked,
      violations: violations(exposition, before),
      resident: sumOf(exposition, 'process_resident_memory_bytes'),
      heap: sumOf(exposition, 'nodejs_heap_size_used_bytes'),
      descriptors: sumOf(exposition, 'process_open_fds'),
    });
    for (const what of samples.at(-1)?.violations ?? [])
      console.log(`BROKEN at ${Math.round((answered - start) / 1000)} s: ${what}`);
    before = exposition;
    if (samples.length % 60 === 0) console.log(progress(samples));
  }
  return samples;
}

/** @param {Sample[]} samples */
function progress(samples) {
  const { seconds, resident, descriptors } = /** @type {Sample} */ (samples.at(-1));
  return `${Math.round(seconds / 60)} min: ${(resident / 1e6).toFixed(1)} MB resident, ${descriptors} descriptors`;
}

/**
 * @param {Sample[]} samples
 * @param {string} last the exposition at the end
 * @param {{ written: number, rotations: number, counted: number, cpu: number, peakMb: number }} totals
 * @param {{ mean: number, p99: number, max: number }} loop milliseconds
 */
function report(samples, last, { written, rotations, counted, cpu, peakMb }, loop) {
  const secondHalf = samples.slice(Math.floor(samples.length / 2));
  const firstHalf = samples.slice(0, samples.length - secondHalf.length);
  const perSecond = (/** @type {'resident' | 'heap'} */ what) =>
    slope(secondHalf.map((sample) => ({ x: sample.seconds, y: sample[what] })));
  const residentOf = (/** @type {Sample[]} */ half) => half.map(({ resident }) => resident / 1e6);
  const descriptors = samples.map((sample) => sample.descriptors);
  const scrapeMs = samples.map((sample) => sample.scrapeMs);
  return [
    row('events written', written, ''),
    row('events not counted', written - counted, '', { atMost: 0 }),
    row('records lost', lost(last), '', { atMost: 0 }),
    row('records rejected', rejected(last), '', { atMost: 0 }),
    row('rotations', rotations, ''),
    row('scrapes', samples.length, ''),
    row('scrapes whose sums do not agree', samples.filter((sample) => sample.violations.length > 0).length, '', {
      atMost: 0,
    }),
    row('series at the end', seriesOf(last), ''),
    row('resident, median of the first half', median(residentOf(firstHalf)), 'MB'),
    row('resident, median of the second half', median(residentOf(secondHalf)), 'MB'),
    row('resident, most ever', peakMb, 'MB'),
    row('resident, slope over the second half', perSecond('resident'), 'bytes/s'),
    row('heap in use, slope over the second half', perSecond('heap'), 'bytes/s'),
    row('event loop delay, mean', loop.mean, 'ms'),
    row('event loop delay, p99', loop.p99, 'ms'),
    row('event loop delay, most', loop.max, 'ms'),
    row('descriptors, least', Math.min(...descriptors), ''),
    row('descriptors, most', Math.max(...descriptors), ''),
    row('scrape, median', median(scrapeMs), 'ms'),
    row('scrape, p99', quantile(scrapeMs, 0.99), 'ms'),
    row('processor', (cpu / (samples.at(-1)?.seconds ?? 1)) * 100, '% of a core'),
  ];
}
