// The peer of catching up, a process of its own: reads a file in chunks of 256 KiB, splits lines and asks one regular expression of each.
import { openSync, readSync } from 'node:fs';

const NEEDLES = /no reply to icmp error|Source Route Failed|source route option|SRC ROUTE ATTEMPT: /;

const fd = openSync(process.argv[2] ?? '', 'r');
const buffer = Buffer.allocUnsafe(256 * 1024);
let rest = '';
let lines = 0;
let events = 0;
for (let bytes = readSync(fd, buffer); bytes > 0; bytes = readSync(fd, buffer)) {
  const parts = (rest + buffer.toString('latin1', 0, bytes)).split('\n');
  rest = parts.pop() ?? '';
  lines += parts.length;
  for (const line of parts) if (NEEDLES.test(line)) events++;
}
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({ lines, events, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: (maxRSS * 1024) / 1e6 }),
);
