// The peer of following the device, a process of its own: reads to the end every 100 ms, come what may. Counts until SIGTERM, prints JSON.
import { constants, openSync, readSync } from 'node:fs';

const INTERVAL_MS = 100;
const OVERRUN = -1;

const fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
const buffer = Buffer.allocUnsafe(16 * 1024);
let records = 0;
let lost = 0;
/** @type {number | undefined} */
let next;

/** The sequence number of the next record; OVERRUN after a loss; undefined at the end. */
function read() {
  try {
    const text = buffer.toString('latin1', 0, readSync(fd, buffer));
    return Number(text.split(',', 2)[1]);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPIPE' ? OVERRUN : undefined;
  }
}

/** @param {boolean} count */
function readAll(count) {
  for (let sequence = read(); sequence !== undefined; sequence = read()) {
    if (sequence === OVERRUN) continue;
    if (count) {
      records++;
      lost += sequence - (next ?? sequence);
    }
    next = sequence + 1;
  }
}

readAll(false);
setInterval(() => readAll(true), INTERVAL_MS);
process.on('SIGTERM', () => {
  readAll(true);
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(
    JSON.stringify({ records, lost, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: (maxRSS * 1024) / 1e6 }),
  );
  process.exit(0);
});
console.log('ready');
