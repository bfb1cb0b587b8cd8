import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Child } from './child.mjs';
import { Exporter, seriesOf } from './exporter.mjs';
import { makeProcfs } from './make-procfs.mjs';
import { EVENTS } from './messages.mjs';
import { cpuSeconds } from './process-usage.mjs';
import { median, quantile } from './statistics.mjs';
import { syslogLine } from './syslog-lines.mjs';
import { row } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';
import { timedScrapes } from './timed-scrapes.mjs';

const SCRAPES = 200;
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
    const sources = Object.keys(EVENTS).length * addresses;
    const tracked = await exporter.reach('srcroute_tracked_sources', sources);
    if (tracked !== sources) throw new Error(`Of ${sources} addresses it holds ${tracked}`);
    const exposition = await exporter.scrape();
    const series = seriesOf(exposition);
    bare = new Child(process.execPath, [BARE_REGISTRY, String(series)]);
    const [peerUrl] = await bare.line(/^http:\S+/);
    const rows = [row('series', series, ''), row('bytes', Buffer.byteLength(exposition), 'B')];
    for (const gzip of [false, true]) {
      const how = gzip ? 'gzip' : 'plain';
      const cpu = { ours: cpuSeconds(exporter.pid), peer: cpuSeconds(bare.pid) };
      const ours = await timedScrapes(`${exporter.origin}/metrics`, { scrapes: SCRAPES, gzip });
      const peer = await timedScrapes(peerUrl, { scrapes: SCRAPES, gzip });
      rows.push(
        row(`${how}, first`, ours.first, 'ms', { peer: peer.first }),
        row(`${how}, median`, median(ours.rest), 'ms', { atMost, peer: median(peer.rest) }),
        row(`${how}, p99`, quantile(ours.rest, 0.99), 'ms', { atMost, peer: quantile(peer.rest, 0.99) }),
        row(`${how}, processor a scrape`, ((cpuSeconds(exporter.pid) - cpu.ours) / (SCRAPES + 1)) * 1000, 'ms', {
          peer: ((cpuSeconds(bare.pid) - cpu.peer) / (SCRAPES + 1)) * 1000,
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
