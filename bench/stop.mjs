import { accessSync, constants, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Child } from './child.mjs';
import { Exporter } from './exporter.mjs';
import { median } from './statistics.mjs';
import { syslogLines } from './syslog-lines.mjs';
import { row } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';

const RUNS = 5;
const DEVICE = '/dev/kmsg';
const BOUND_MS = 2_000;
/** Not a hash of anything: comparing with it takes minutes. */
const SLOW_HASH = `$2b$18$${'a'.repeat(53)}`;

/** From SIGTERM to the end of the process, in states that could hold it up. */
export async function* stop() {
  const directory = temporaryDirectory();
  try {
    const quiet = `${directory.path}/quiet.log`;
    const backlog = `${directory.path}/backlog.log`;
    const web = `${directory.path}/web.yml`;
    writeFileSync(quiet, '');
    writeFileSync(backlog, syslogLines({ seed: 1, lines: 1_000_000, eventEvery: 100, hosts: 1000 }).text);
    writeFileSync(web, `basic_auth_users:\n  ann: ${SLOW_HASH}\n`);

    const states = [
      { what: 'idle on a file', flags: [`--input.file=${quiet}`] },
      ...(canRead(DEVICE) ? [{ what: `idle on ${DEVICE}`, flags: [`--input.kmsg=${DEVICE}`] }] : []),
      { what: 'reading a backlog', flags: [`--input.file=${backlog}`, '--input.from=start'] },
      { what: 'a client that says nothing', flags: [`--input.file=${quiet}`], send: '' },
      { what: 'half a request', flags: [`--input.file=${quiet}`], send: 'GET /metrics HTTP/1.1\r\nHost: ' },
      {
        what: 'a client that never reads',
        flags: [`--input.file=${quiet}`],
        send: 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(500),
      },
      {
        what: 'comparing a password',
        flags: [`--input.file=${quiet}`, `--web.config.file=${web}`],
        send: `GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${btoa('ann:secret')}\r\n\r\n`,
      },
    ];
    const rows = [];
    for (const { what, flags, send } of states) {
      const times = [];
      for (let run = 0; run < RUNS; run++) times.push(await timeToStop(flags, send));
      rows.push(row(`${what}, worst`, Math.max(...times), 'ms', { atMost: BOUND_MS, peer: await bare() }));
    }
    yield { title: `from SIGTERM to the end, ${RUNS} runs each`, peer: 'node with a timer, median', rows };
  } finally {
    directory.remove();
  }
}

/** @param {readonly string[]} flags @param {string | undefined} send */
async function timeToStop(flags, send) {
  const exporter = await Exporter.start(...flags);
  const { hostname, port } = new URL(exporter.origin);
  if (send !== undefined) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.pause();
    socket.write(send);
    // What another connection asks for is answered after what this one sent was read.
    await fetch(`${exporter.origin}/-/healthy`);
  }
  const start = performance.now();
  await exporter.stop();
  return performance.now() - start;
}

async function bare() {
  const times = [];
  for (let run = 0; run < RUNS; run++) {
    const node = new Child(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e9)']);
    await node.line(/^up$/);
    const start = performance.now();
    await node.stop();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** @param {string} path */
function canRead(path) {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
