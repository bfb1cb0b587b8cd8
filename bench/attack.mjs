import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Exporter } from './exporter.mjs';
import { residentMb } from './process-usage.mjs';
import { median } from './statistics.mjs';
import { row } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';

const CLIENTS = 1_000;
const ROUNDS = 10;
const BOUND_MS = 1_000;
/** Not the address of the scraper. */
const ATTACKER = '127.0.0.2';
const pem = (/** @type {string} */ name) => fileURLToPath(new URL(`../test/fixtures/tls/${name}`, import.meta.url));

const ATTACKS = [
  { what: 'nothing', bytes: '' },
  { what: 'half a header', bytes: 'GET /metrics HTTP/1.1\r\nHost: x\r\nX-Half: ' },
  { what: 'a request, and never reads', bytes: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' },
  { what: 'fifty thousand requests each', bytes: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50_000), clients: 10 },
  { what: 'half a TLS handshake', bytes: Buffer.from('16030100c8010000c40303', 'hex'), tls: true },
];

/** What a scrape on a new connection takes while clients that never finish hold theirs. */
export async function* attack() {
  const directory = temporaryDirectory();
  try {
    const log = `${directory.path}/kern.log`;
    const web = `${directory.path}/web.yml`;
    writeFileSync(log, '');
    writeFileSync(web, `tls_server_config: {cert_file: ${pem('server.pem')}, key_file: ${pem('server.key')}}\n`);
    for (const { what, bytes, clients = CLIENTS, tls = false } of ATTACKS) {
      const exporter = await Exporter.start(`--input.file=${log}`, ...(tls ? [`--web.config.file=${web}`] : []));
      const port = Number(new URL(exporter.origin).port);
      /** @type {import('node:net').Socket[]} */
      const held = [];
      try {
        const before = [];
        for (let round = 0; round < ROUNDS; round++) before.push(await timeOfScrape(port, tls));
        const memory = residentMb(exporter.pid).now;
        const times = [];
        for (let round = 0; round < ROUNDS; round++) {
          await Promise.all(Array.from({ length: clients / ROUNDS }, async () => held.push(await hold(port, bytes))));
          times.push(await timeOfScrape(port, tls));
        }
        yield {
          title: `${clients} clients that send ${what}: a scrape on a new connection`,
          peer: 'the same without them',
          rows: [
            row('worst', Math.max(...times), 'ms', { atMost: BOUND_MS, peer: Math.max(...before) }),
            row('median', median(times), 'ms', { peer: median(before) }),
            row('memory, now', residentMb(exporter.pid).now, 'MB', { peer: memory }),
          ],
        };
      } finally {
        for (const socket of held) socket.destroy();
        await exporter.stop();
      }
    }
  } finally {
    directory.remove();
  }
}

/** @param {number} port @param {string | Buffer} bytes */
async function hold(port, bytes) {
  const socket = connect({ port, host: '127.0.0.1', localAddress: ATTACKER });
  socket.on('error', () => {});
  socket.pause();
  const closed = once(socket, 'close');
  await Promise.race([once(socket, 'connect').catch(() => {}), closed]);
  socket.write(bytes);
  return socket;
}

/** @param {number} port @param {boolean} tls */
async function timeOfScrape(port, tls) {
  const start = performance.now();
  if (tls) {
    const request = get({ port, host: '127.0.0.1', path: '/metrics', agent: false, ca: readFileSync(pem('ca.pem')) });
    const [response] = await once(request, 'response');
    response.resume();
    await once(response, 'end');
  } else {
    await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { Connection: 'close' } })).text();
  }
  return performance.now() - start;
}
