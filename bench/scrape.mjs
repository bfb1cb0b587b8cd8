import { statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Child } from './child.mjs';
import { Exporter, seriesOf, sumOf } from './exporter.mjs';
import { makeProcfs } from './make-procfs.mjs';
import { EVENTS } from './messages.mjs';
import { bytesRead, cpuSeconds } from './process-usage.mjs';
import { median, quantile } from './statistics.mjs';
import { syslogLine } from './syslog-lines.mjs';
import { row } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';
import { timedScrapes } from './timed-scrapes.mjs';

const SCRAPES = 200;
/** Between the last read of the log and the first scrape. */
const SETTLE_MS = 500;
const INTERFACES = ['lo', 'eth0', 'eth1', 'br0'];
const SIZES = [
  { addresses: 100, atMost: 10 },
  { addresses: 1000, atMost: 20 },
];
const BARE_REGISTRY = fileURLToPath(new URL('bare-registry.mjs', import.meta.url));

/** How long a scrape takes once every place is taken. */
export async function* scrape() {
  for (const size of SIZES) yield await scrapeOf(size);
}

/** @param {{ addresses: number, atMost: number }} size */
async function scrapeOf({ addresses, atMost }) {
  const directory = temporaryDirectory();
  const log = `${directory.path}/kern.log`;
  writeFileSync(log, everySource(addresses), 'latin1');
  makeProcfs(`${directory.path}/proc`, INTERFACES);
  const exporter = await Exporter.start(
    `--input.file=${log}`,
    '--input.from=start',
    `--sources.max=${addresses}`,
    `--path.procfs=${directory.path}/proc`,
  );
  /** @type {Child | undefined} */
  let bare;
  try {
    // Seen from outside that the log was read: the first scrape of its life is to be measured too.
    while (bytesRead(exporter.pid) < statSync(log).size) await sleep(5);
    await sleep(SETTLE_MS);
    const url = `${exporter.origin}/metrics`;
    const [first] = await timedScrapes([url], { scrapes: 1, gzip: false });
    const exposition = await exporter.scrape();
    const sources = Object.keys(EVENTS).length * addresses;
    const tracked = sumOf(exposition, 'srcroute_tracked_sources');
    if (tracked !== sources) throw new Error(`Of ${sources} addresses it holds ${tracked}`);
    const series = seriesOf(exposition);
    bare = new Child(process.execPath, [BARE_REGISTRY, String(series)]);
    const [peerUrl] = await bare.line(/^http:\S+/);
    const [peerFirst] = await timedScrapes([peerUrl], { scrapes: 1, gzip: false });
    const rows = [
      row('series', series, ''),
      row('the first scrape', median(first?.milliseconds ?? []), 'ms', { peer: median(peerFirst?.milliseconds ?? []) }),
    ];
    for (const gzip of [false, true]) {
      const how = gzip ? 'gzip' : 'plain';
      const cpu = { ours: cpuSeconds(exporter.pid), peer: cpuSeconds(bare.pid) };
      const [ours, peer] = await timedScrapes([url, peerUrl], { scrapes: SCRAPES, gzip });
      if (ours === undefined || peer === undefined) throw new Error('Nothing was measured');
      rows.push(
        row(`${how}, median`, median(ours.milliseconds), 'ms', { atMost, peer: median(peer.milliseconds) }),
        row(`${how}, p99`, quantile(ours.milliseconds, 0.99), 'ms', {
          atMost,
          peer: quantile(peer.milliseconds, 0.99),
        }),
        row(`${how}, processor a scrape`, ((cpuSeconds(exporter.pid) - cpu.ours) / SCRAPES) * 1000, 'ms', {
          peer: ((cpuSeconds(bare.pid) - cpu.peer) / SCRAPES) * 1000,
        }),
        row(`${how}, transferred`, ours.bytes, 'B', { peer: peer.bytes }),
      );
    }
    return {
      title: `${addresses.toLocaleString('en-US')} addresses an event, ${INTERFACES.length} interfaces, ${SCRAPES} scrapes over one connection`,
      peer: 'a bare prom-client registry of as many series',
      rows,
    };
  } finally {
    await Promise.all([exporter.stop(), bare?.stop()]);
    directory.remove();
  }
}

/** A log in which each of so many addresses has an event of each kind. @param {number} addresses */
function everySource(addresses) {
  return Object.values(EVENTS)
    .flatMap((message) => Array.from({ length: addresses }, (_, host) => message(host)))
    .map(syslogLine)
    .join('');
}
