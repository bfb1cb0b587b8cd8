// Serves the exporter on a log and a host that this program makes up. Needs no root, and shows nothing of the machine it runs on.
// Flags after `--` go to the exporter: npm run demo -- --web.listen-address=127.0.0.1:9999
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHost } from './host.mjs';

const TICK_MS = 1_000;
/** What happens every five minutes, in ticks from its beginning. */
const PERIOD = 300;
/** A scan by many, and one who does not stop. */
const ATTACK = { from: 0, to: 60 };
/** Somebody lets the host accept source routes: what is accepted, the kernel does not print. */
const ACCEPTING = { from: 15, to: 75 };
/** Dynamic debug is on for the failures of source routes; later somebody switches it off. */
const FAILURES_PRINTED = { from: 0, to: 75 };
const MAX_LOG_BYTES = 4 * 1024 * 1024;

const directory = mkdtempSync(join(tmpdir(), 'srcroute-demo-'));
const log = join(directory, 'kern.log');
const host = makeHost(directory);
const started = performance.now();
let ticks = 0;

/** A line as rsyslog writes it. */
function write(...messages) {
  const uptime = (4_000 + (performance.now() - started) / 1000).toFixed(6).padStart(12);
  const lines = messages.map((message) => `${new Date().toISOString()} ${hostname()} kernel: [${uptime}] ${message}\n`);
  appendFileSync(log, lines.join(''));
}

const any = (most) => Math.floor(Math.random() * most);
const hex = (number) => number.toString(16).padStart(4, '0');
const isIn = ({ from, to }) => ticks % PERIOD >= from && ticks % PERIOD < to;

/** One host looks at another with a loose source route: the firewall rule sees it always, the kernel says only that it refused it. */
function probe(source) {
  const mac = '02:00:5e:00:53:01:02:00:5e:00:53:02:08:00';
  return [
    `SRC ROUTE ATTEMPT: IN=eth0 OUT= MAC=${mac} SRC=${source} DST=192.0.2.1 LEN=44 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=UDP SPT=6000 DPT=53 LEN=12 `,
    ...(isIn(ACCEPTING) ? [] : [`IPv4: source route option ${source} -> 192.0.2.1`]),
  ];
}

/** A type 0 routing header from an address that is used once. */
function spoofedIpv6() {
  const source = `2001:0db8:0bad:0000:${hex(any(65_536))}:${hex(any(65_536))}:0000:0001`;
  return `SRC ROUTE ATTEMPT: IN=eth0 OUT= MAC=02:00:5e:00:53:01:02:00:5e:00:53:02:86:dd SRC=${source} DST=2001:0db8:0000:0001:0000:0000:0000:0001 LEN=75 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=UDP SPT=5000 DPT=53 LEN=11 `;
}

function tick() {
  ticks += 1;
  host.accept(isIn(ACCEPTING));
  host.printFailures(isIn(FAILURES_PRINTED));
  write('usb 1-1: new high-speed USB device number 2 using xhci_hcd');
  if (ticks % 3 === 0) write(...probe(`198.51.100.${1 + (ticks % 40)}`));
  if (ticks % 7 === 0)
    write(`IPv6: icmp6_send: no reply to icmp error [2001:db8:bad::${1 + any(9)} > 2001:db8:0:1::1]`);
  if (ticks % 5 === 0 && isIn(FAILURES_PRINTED)) write(`icmp: 203.0.113.${1 + any(5)}: Source Route Failed`);
  if (isIn(ATTACK)) {
    write(...probe('198.51.100.66'), ...Array.from({ length: 20 }, spoofedIpv6));
    write(`net_ratelimit: ${30 + any(100)} callbacks suppressed`);
  }
  if (statSync(log).size > MAX_LOG_BYTES) renameSync(log, `${log}.1`);
}

tick();
const timer = setInterval(tick, TICK_MS);
const exporter = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('../dist/main.js', import.meta.url)),
    `--input.file=${log}`,
    '--input.from=start',
    `--state.file=${join(directory, 'state.json')}`,
    '--sources.known=198.51.100.7/32=weekly-scanner',
    ...host.flags,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
console.error(`Demo: a made-up host and its log are in ${directory}; the exporter serves them. Ctrl-C ends both.`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => exporter.kill(signal));
exporter.on('exit', (code) => {
  clearInterval(timer);
  rmSync(directory, { recursive: true, force: true });
  process.exitCode = code ?? 1;
});
