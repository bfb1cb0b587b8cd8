import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ, the unit of /proc/<pid>/stat. */
const TICKS_PER_SECOND = 100;

/** Seconds a process has spent on a processor, all its threads. By the scheduler's nanoseconds where it keeps them. @param {number} pid */
export function cpuSeconds(pid) {
  const nanoseconds = readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]))
    .reduce((sum, spent) => sum + spent, 0);
  return nanoseconds > 0 ? nanoseconds / 1e9 : cpuTicks(pid) / TICKS_PER_SECOND;
}

/** utime and stime of /proc/<pid>/stat, the 14th and 15th field; the second, in brackets, can hold anything. @param {number} pid */
function cpuTicks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [, , , , , , , , , , , user, system] = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  return Number(user) + Number(system);
}

/** Memory in megabytes: what is resident, and the most that ever was. @param {number} pid */
export function residentMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const mb = (/** @type {string} */ field) =>
    (Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6;
  return { now: mb('VmRSS'), peak: mb('VmHWM') };
}

/** Bytes a process has read, from whatever: asking costs it nothing. @param {number} pid */
export function bytesRead(pid) {
  return Number(/^rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1]);
}
