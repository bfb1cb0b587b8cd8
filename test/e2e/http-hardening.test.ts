import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { attack, exchange, openDescriptors, residentBytes } from './attack.ts';
import { Exporter } from './exporter.ts';
import { pemFile } from './tls-clients.ts';
import { type Cleanup, Cleanups, makeDirectory } from './tools.ts';
import { until } from './until.ts';

const GET = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
const HEALTHY = 'GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n';
const CLOSE = 'Host: x\r\nConnection: close\r\n\r\n';
const MEGABYTE = 1024 * 1024;
/** Connections there may be, and a few descriptors more. */
const MOST_DESCRIPTORS = 512 + 64;
/** A scrape that takes longer is held up. How long it takes, `npm run bench attack` measures. */
const SCRAPE_MS = 60_000;

/**
 * The bounds on memory are for Node.js 20 as it comes. Later versions let garbage lie far beyond them, so there they are asked of a
 * heap with little room for it: what grows still grows.
 */
const HEAP = process.versions.node.startsWith('20.')
  ? []
  : ['env', 'NODE_OPTIONS=--max-old-space-size=48 --max-semi-space-size=1'];

describe('a thousand clients that never finish', () => {
  const TLS_HELLO = Buffer.from('16030100c8010000c40303', 'hex');

  it.each([
    { what: 'nothing', text: '', from: '127.0.0.2' },
    { what: 'half a header', text: 'GET /metrics HTTP/1.1\r\nHost: x\r\nX-Half: ', from: '127.0.0.2' },
    { what: 'fifteen kilobytes of header', text: `GET / HTTP/1.1\r\nX: ${'x'.repeat(15_000)}`, from: '127.0.0.2' },
    { what: 'half a header, beside Prometheus itself', text: 'GET / HTTP/1.1\r\nX-Half: ', from: '127.0.0.1' },
    { what: 'a request whose answer they do not read', text: HEALTHY, from: '127.0.0.2' },
  ])('and have sent $what hold up no scrape, and cost little', async ({ text, from }) => {
    const exporter = await start();
    await exporter.scrape();
    const before = residentBytes(exporter.pid);
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 100 }, () => attack(exporter.port, text, from)));
      await scrapeInTime(`http://${exporter.address}`);
    }
    expect(openDescriptors(exporter.pid)).toBeLessThan(MOST_DESCRIPTORS);
    expect(residentBytes(exporter.pid) - before).toBeLessThan(96 * MEGABYTE);
  });

  it.each([
    { what: 'nothing', bytes: Buffer.alloc(0) },
    { what: 'half a handshake', bytes: TLS_HELLO },
  ])('and have sent $what to TLS hold up no scrape, and cost little', async ({ bytes }) => {
    const directory = makeDirectory();
    const file = join(directory, 'web.yml');
    writeFileSync(
      file,
      JSON.stringify({ tls_server_config: { cert_file: pemFile('server.pem'), key_file: pemFile('server.key') } }),
    );
    const exporter = await start([`--web.config.file=${file}`]);
    const url = `https://${exporter.address}`;
    await scrapeInTime(url);
    const before = residentBytes(exporter.pid);
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 100 }, () => attack(exporter.port, bytes, '127.0.0.2')));
      await scrapeInTime(url);
    }
    expect(openDescriptors(exporter.pid)).toBeLessThan(MOST_DESCRIPTORS);
    expect(residentBytes(exporter.pid) - before).toBeLessThan(96 * MEGABYTE);
    expect(await exporter.stop()).toMatchObject({ code: 0 });
  });
});

describe('what is no request for the pages there are', () => {
  const cleanups = new Cleanups();
  let exporter: Exporter;
  beforeAll(async () => {
    exporter = await start([], cleanups.add);
  });
  afterAll(() => cleanups.run());

  const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\n${headers}${CLOSE}`;
  const metrics = (rest: string) => `GET /metrics HTTP/1.1\r\nHost: x\r\n${rest}`;

  it.each([
    ...['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'M-SEARCH'].map(
      (method) => [`the method ${method}`, `${method} /metrics HTTP/1.1\r\n${CLOSE}`, [405]] as const,
    ),
    ['the method CONNECT', `CONNECT example.org:443 HTTP/1.1\r\n${CLOSE}`, []],
    ['a method of its own', `GIVE /metrics HTTP/1.1\r\n${CLOSE}`, [400]],
    ['a POST with a body', `POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello${GET}`, [405]],
    ['a GET with a body', metrics(`Content-Length: 5\r\n\r\nhello${GET}`), [200]],
    ['a GET with a body in chunks', metrics(`Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n${GET}`), [200]],
    ['two ways to tell a length', metrics('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'), [400]],
    ['two lengths', metrics('Content-Length: 1\r\nContent-Length: 2\r\n\r\nab'), [400]],
    ['a negative length', metrics('Content-Length: -1\r\n\r\n'), [400]],
    ['a space before the colon', metrics('X : y\r\n\r\n'), [400]],
    ['a NUL in a header', metrics('X: \0\r\n\r\n'), [400]],
    ['no host', 'GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n', [400]],
    ['another version', `GET /metrics HTTP/3.0\r\n${CLOSE}`, [400]],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['HTTP/0.9', 'GET /metrics\r\n\r\n', [200]],
    ['a path of twenty kilobytes', get(`/${'a'.repeat(20_000)}`), [431]],
    ['a thousand headers', get('/', `X: ${'y'.repeat(30)}\r\n`.repeat(1_000)), [431]],
    ...['/../../etc/passwd', '/metrics/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '//metrics', '/metrics%2f'].map(
      (path) => [`the path ${path}`, get(path), [404]] as const,
    ),
    ...['/.git/config', '/dist/main.js', '/metrics%00', '/metrics;x', '/METRICS', '/__proto__', '/constructor'].map(
      (path) => [`the path ${path}`, get(path), [404]] as const,
    ),
    ['another method in a header', get('/metrics', 'X-HTTP-Method-Override: DELETE\r\n'), [200]],
    ['another path in a header', get('/nothing', 'X-Original-URL: /metrics\r\nX-Rewrite-URL: /metrics\r\n'), [404]],
    ['something that is expected', get('/metrics', 'Expect: something\r\n'), [417]],
    ['another protocol', get('/metrics', 'Upgrade: websocket\r\n'), [200]],
  ] as const)('%s is answered, and nothing is told', async (_what, request, statuses) => {
    const answer = await exchange(exporter.port, request);
    expect([...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, each]) => Number(each))).toEqual(statuses);
    expect(answer).not.toMatch(/express|node_modules|Error:|\n\s+at |x-powered-by|\r\nserver:|<html|passwd|hello/i);
  });
});

it('lives on through anything at all, and forgets it', async () => {
  const exporter = await start();
  const random = mulberry32(20_250_101);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const open: Socket[] = [];
  const storm = async (requests: number) => {
    for (let sent = 0; sent < requests; sent += 20) {
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          const text = mutate(pick(SEEDS), random);
          if (random() < 0.5) return void (await exchange(exporter.port, text));
          const socket = await attack(exporter.port, text);
          if (random() < 0.5) socket.resetAndDestroy();
          else open.push(socket);
        }),
      );
    }
    for (const socket of open.splice(0)) socket.destroy();
  };
  await storm(1_000);
  await exporter.scrape();
  await until('they are gone', () => openDescriptors(exporter.pid) < 100);
  const [memory, descriptors] = [residentBytes(exporter.pid), openDescriptors(exporter.pid)];
  await storm(3_000);
  await exporter.scrape();
  await until('they are gone', () => openDescriptors(exporter.pid) <= descriptors + 20);
  expect(residentBytes(exporter.pid) - memory).toBeLessThan(48 * MEGABYTE);
  expect(exporter.stderr).not.toMatch(/level=error|unexpected|\n\s+at /);
});

it('does no more for one connection than for many', async () => {
  const exporter = await start();
  await exporter.scrape();
  const before = residentBytes(exporter.pid);
  const sockets = await Promise.all(
    Array.from({ length: 8 }, () => attack(exporter.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50_000))),
  );
  await scrapeInTime(`http://${exporter.address}`);
  for (const socket of sockets) await until('it is cut', () => socket.destroyed || socket.resume().destroyed);
  expect(residentBytes(exporter.pid) - before).toBeLessThan(96 * MEGABYTE);
});

const SEEDS = [
  GET,
  `GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`,
  `POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789`,
  `GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  GET.repeat(10),
  `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(10_000)}\r\n\r\n`,
  `GET /${'%41'.repeat(300)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  'GET http://[::1]:80/metrics?a=%zz#b HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '',
];

/** Changes some bytes of a request, doubles a part, leaves the end away, or nothing of these. */
function mutate(seed: string, random: () => number): Buffer {
  let bytes = Buffer.from(seed, 'latin1');
  const place = () => Math.floor(random() * (bytes.length + 1));
  for (let changes = Math.floor(random() * 4); changes > 0; changes -= 1) {
    const [from, to] = [place(), place()].sort((a, b) => a - b) as [number, number];
    const kind = random();
    if (kind < 0.4)
      bytes = Buffer.concat([bytes.subarray(0, from), Buffer.from([random() * 256]), bytes.subarray(from + 1)]);
    else if (kind < 0.6) bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
    else if (kind < 0.8) bytes = bytes.subarray(0, to);
    else bytes = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  }
  return bytes;
}

/** Random numbers from 0 to 1 that are the same in every run. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A scrape over a connection of its own, as after a restart of Prometheus. */
async function scrapeInTime(url: string): Promise<void> {
  const options = {
    agent: false,
    ca: readFileSync(pemFile('ca.pem')),
    signal: AbortSignal.timeout(SCRAPE_MS),
  } as const;
  const request = (url.startsWith('https:') ? https : http).get(`${url}/metrics`, options);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  expect(response.statusCode).toBe(200);
  await text(response);
}

async function start(flags: readonly string[] = [], cleanup: Cleanup = onTestFinished): Promise<Exporter> {
  const log = join(makeDirectory(cleanup), 'kern.log');
  writeFileSync(log, '');
  return Exporter.start([`--input.file=${log}`, ...flags], { cleanup, prefix: HEAP, clientPrefix: [] });
}
