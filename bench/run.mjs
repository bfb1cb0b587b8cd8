// Runs the benchmarks, all or those named: `npm run bench`, `node bench/run.mjs scrape file`. Build first.
import { existsSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { attack } from './attack.mjs';
import { device } from './device.mjs';
import { MAIN } from './exporter.mjs';
import { file } from './file.mjs';
import { flood } from './flood.mjs';
import { idle } from './idle.mjs';
import { interfaces } from './interfaces.mjs';
import { ledger } from './ledger.mjs';
import { parse } from './parse.mjs';
import { scan } from './scan.mjs';
import { scrape } from './scrape.mjs';
import { Skip } from './skip.mjs';
import { start } from './start.mjs';
import { state } from './state.mjs';
import { stop } from './stop.mjs';
import { table } from './table.mjs';

/** Each gives its tables one by one, so that what is measured is seen at once. */
const BENCHMARKS = { start, stop, idle, scrape, attack, interfaces, file, device, ledger, flood, state, parse, scan };

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0 || !existsSync(MAIN)) {
  console.error(
    unknown.length > 0
      ? `Unknown benchmark "${unknown[0]}": expected ${Object.keys(BENCHMARKS).join(', ')}`
      : 'Nothing is built: run npm run build',
  );
  process.exit(2);
}

console.log(`Node.js ${process.version}, Linux ${release()}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`);
// Others at work on the machine are in every figure; in those of a peer too.
console.log(`Load before: ${loadavg()[0]?.toFixed(2)}`);
let broken = false;
let missed = 0;
for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  try {
    for await (const result of benchmark()) {
      console.log(`\n${name}: ${table(result)}`);
      missed += result.rows.filter((row) => row.missed).length;
    }
  } catch (error) {
    if (!(error instanceof Skip)) broken = true;
    console.log(`\n${name}: ${error instanceof Skip ? 'SKIPPED' : 'BROKEN'}: ${/** @type {Error} */ (error).message}`);
  }
}
console.log(`\nBounds missed: ${missed}`);
process.exit(broken ? 1 : 0);
