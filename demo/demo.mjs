// Serves the exporter on a log that this program writes: a scan that never ends, now and then an attack. Needs no root.
// Flags after `--` go to the exporter: npm run demo -- --web.listen-address=127.0.0.1:9999
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TICK_MS = 1_000;
/** Every five minutes, for one minute. */
const ATTACK_PERIOD_TICKS = 300;
const ATTACK_TICKS = 60;
const MAX_LOG_BYTES = 4 * 1024 * 1024;

const directory = mkdtempSync(join(tmpdir(), 'srcroute-demo-'));
const log = join(directory, 'kern.log');
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

/** One host looks at another with a loose source route: the firewall rule sees it, and the kernel refuses it. */
function probe(source) {
  const mac = '02:00:5e:00:53:01:02:00:5e:00:53:02:08:00';
  return [
    `SRC ROUTE ATTEMPT: IN=eth0 OUT= MAC=${mac} SRC=${source} DST=192.0.2.1 LEN=44 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=UDP SPT=6000 DPT=53 LEN=12 `,
    `IPv4: source route option ${source} -> 192.0.2.1`,
  ];
}

/** A type 0 routing header from an address that is used once. */
function spoofedIpv6() {
  const source = `2001:0db8:0bad:0000:${hex(any(65_536))}:${hex(any(65_536))}:0000:0001`;
  return `SRC ROUTE ATTEMPT: IN=eth0 OUT= MAC=02:00:5e:00:53:01:02:00:5e:00:53:02:86:dd SRC=${source} DST=2001:0db8:0000:0001:0000:0000:0000:0001 LEN=75 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=UDP SPT=5000 DPT=53 LEN=11 `;
}

function tick() {
  ticks += 1;
  write('usb 1-1: new high-speed USB device number 2 using xhci_hcd');
  if (ticks % 3 === 0) write(...probe(`198.51.100.${1 + (ticks % 40)}`));
  if (ticks % 11 === 0)
    write(`IPv6: icmp6_send: no reply to icmp error [2001:db8:bad::${1 + any(9)} > 2001:db8:0:1::1]`);
  if (ticks % 17 === 0) write(`icmp: 203.0.113.${1 + any(5)}: Source Route Failed`);
  if (ticks % ATTACK_PERIOD_TICKS < ATTACK_TICKS) {
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
    '--sources.known=198.51.100.7/32=weekly-scanner',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
console.error(`Demo: made-up events go to ${log}; the exporter serves them. Ctrl-C ends both.`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => exporter.kill(signal));
exporter.on('exit', (code) => {
  clearInterval(timer);
  rmSync(directory, { recursive: true, force: true });
  process.exitCode = code ?? 1;
});
