import { accessSync, constants } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Child } from './child.mjs';
import { Exporter } from './exporter.mjs';
import { cpuSeconds, residentMb } from './process-usage.mjs';
import { Skip } from './skip.mjs';
import { row } from './table.mjs';

const DEVICE = '/dev/kmsg';
const NAIVE_READER = fileURLToPath(new URL('naive-kmsg-reader.mjs', import.meta.url));
/** After a start V8 tidies up for some 8 s; that is not idling. */
const SETTLE_MS = 10_000;
const UNSCRAPED_S = 20;
const SCRAPED_S = 30;
const SCRAPE_INTERVAL_S = 15;
/** What a bare Node.js takes differs by version: the bound is for this one. */
const MEMORY_BOUND_MB = process.versions.node.startsWith('20.') ? 65 : undefined;

/** What it costs to have it run on a quiet host: one that nobody scrapes and one that is scraped, side by side. */
export async function* idle() {
  try {
    accessSync(DEVICE, constants.R_OK);
  } catch {
    throw new Skip(`cannot read ${DEVICE}: run it as root`);
  }
  const reader = new Child(process.execPath, [NAIVE_READER]);
  const bare = new Child(process.execPath, ['-e', 'setInterval(() => {}, 1e9)']);
  const unscraped = await Exporter.start(`--input.kmsg=${DEVICE}`);
  const scraped = await Exporter.start(`--input.kmsg=${DEVICE}`);
  try {
    await sleep(SETTLE_MS);
    const [alone, asked, read] = await Promise.all([
      usage(unscraped.pid, UNSCRAPED_S),
      scrapedUsage(scraped),
      usage(reader.pid, UNSCRAPED_S),
    ]);
    const bareMb = residentMb(bare.pid).now;
    yield {
      title: `on ${DEVICE}, ${UNSCRAPED_S} s without a scrape and ${SCRAPED_S} s with one each ${SCRAPE_INTERVAL_S} s`,
      peer: 'processor: node reading the device every 100 ms; memory: node with a timer that never fires',
      rows: [
        row('processor, no scrape', alone.percent, '% of a core', { atMost: 0.3, peer: read.percent }),
        row('processor, scraped', asked.percent, '% of a core', { peer: read.percent }),
        row('memory, no scrape', alone.mb, 'MB', { atMost: MEMORY_BOUND_MB, peer: bareMb }),
        row('memory, scraped', asked.mb, 'MB', { atMost: MEMORY_BOUND_MB, peer: bareMb }),
      ],
    };
  } finally {
    await Promise.all([reader.stop(), bare.stop(), unscraped.stop(), scraped.stop()]);
  }
}

/** @param {number} pid @param {number} seconds */
async function usage(pid, seconds) {
  const cpu = cpuSeconds(pid);
  const start = performance.now();
  await sleep(seconds * 1000);
  return { percent: ((cpuSeconds(pid) - cpu) / ((performance.now() - start) / 1000)) * 100, mb: residentMb(pid).now };
}

/** @param {Exporter} exporter */
async function scrapedUsage(exporter) {
  const timers = Array.from({ length: SCRAPED_S / SCRAPE_INTERVAL_S }, (_, n) =>
    setTimeout(() => exporter.scrape(), (n + 0.5) * SCRAPE_INTERVAL_S * 1000),
  );
  try {
    return await usage(exporter.pid, SCRAPED_S);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
