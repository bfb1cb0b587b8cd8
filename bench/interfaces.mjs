import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Exporter, seriesOf, sumOf } from './exporter.mjs';
import { makeProcfs } from './make-procfs.mjs';
import { residentMb } from './process-usage.mjs';
import { median, quantile } from './statistics.mjs';
import { row } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';
import { timedScrapes } from './timed-scrapes.mjs';

const SCRAPES = 200;
const INTERFACES = 1_000;

/** A host of containers: how long a scrape takes that looks at a thousand interfaces, now and after a boot. */
export async function* interfaces() {
  const directory = temporaryDirectory();
  const { path } = directory;
  makeProcfs(`${path}/proc`, ['lo', 'eth0', ...Array.from({ length: INTERFACES - 2 }, (_, i) => `veth${i}`)]);
  mkdirSync(`${path}/root/etc/sysctl.d`, { recursive: true });
  mkdirSync(`${path}/root/usr/lib/sysctl.d`, { recursive: true });
  writeFileSync(`${path}/root/etc/sysctl.d/99-zz-source-route.conf`, 'net.ipv4.conf.*.accept_source_route = 0\n');
  writeFileSync(`${path}/root/usr/lib/sysctl.d/50-default.conf`, '-net.ipv4.conf.all.accept_source_route\n');
  mkdirSync(`${path}/root/run/systemd/system`, { recursive: true });
  writeFileSync(`${path}/kern.log`, '');
  const exporter = await Exporter.start(
    `--input.file=${path}/kern.log`,
    `--path.procfs=${path}/proc`,
    `--path.sysfs=${path}/sys`,
    `--path.rootfs=${path}/root`,
  );
  try {
    const url = `${exporter.origin}/metrics`;
    await timedScrapes([url], { scrapes: 20, gzip: false });
    const before = residentMb(exporter.pid).now;
    const bare = Array.from({ length: SCRAPES / 10 }, () => readAll(`${path}/proc/sys/net`));
    const [ours] = await timedScrapes([url], { scrapes: SCRAPES, gzip: false });
    if (ours === undefined) throw new Error('Nothing was measured');
    const exposition = await exporter.scrape();
    if (sumOf(exposition, 'srcroute_sysctl_interfaces') !== 6 * INTERFACES) throw new Error('Not every one is counted');
    yield {
      title: `${INTERFACES.toLocaleString('en-US')} interfaces of two families, ${SCRAPES} scrapes`,
      peer: 'a plain loop that reads the same files, and does nothing with them',
      rows: [
        row('series', seriesOf(exposition), ''),
        row('median', median(ours.milliseconds), 'ms', { atMost: 100, peer: median(bare) }),
        row('p99', quantile(ours.milliseconds, 0.99), 'ms', { atMost: 100, peer: quantile(bare, 0.99) }),
        row('resident, before', before, 'MB'),
        row('resident, after', residentMb(exporter.pid).now, 'MB'),
      ],
    };
  } finally {
    await exporter.stop();
    directory.remove();
  }
}

/** Milliseconds that reading every value takes. @param {string} net */
function readAll(net) {
  const start = performance.now();
  for (const [family, sysctls] of Object.entries({
    ipv4: ['accept_source_route', 'log_martians'],
    ipv6: ['accept_source_route'],
  })) {
    for (const name of readdirSync(`${net}/${family}/conf`)) {
      for (const sysctl of sysctls) readFileSync(`${net}/${family}/conf/${name}/${sysctl}`, 'latin1');
    }
  }
  return performance.now() - start;
}
