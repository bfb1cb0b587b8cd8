// What kmsg-writer.c does, for where there is no compiler. Timers of Node.js are coarser: it waits for each batch's moment in a loop.
import { openSync, writeSync } from 'node:fs';

const BATCH_MS = 10;

const batch = (Number(process.argv[2]) * BATCH_MS) / 1000;
const batches = (Number(process.argv[3]) * 1000) / BATCH_MS;
const fd = openSync('/dev/kmsg', 'w');
const start = performance.now();
let due = start;
let records = 0;
let lateMs = 0;
for (let n = 0; n < batches; n++) {
  while (performance.now() < due);
  const slip = performance.now() - due;
  lateMs = Math.max(lateMs, slip);
  // What is late is not made up for: a double batch would be a burst that nobody asked for.
  due += BATCH_MS + (slip > BATCH_MS / 2 ? slip : 0);
  for (let i = 0; i < batch; i++) {
    const number = String(records).padStart(9, '0');
    writeSync(
      fd,
      `<6>srcroute-bench: record ${number} of a flood, padded to about a hundred bytes as kernel lines are ......\n`,
    );
    records++;
  }
}
console.log(JSON.stringify({ records, ms: performance.now() - start, lateMs }));
