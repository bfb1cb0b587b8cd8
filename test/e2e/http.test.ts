import { writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { eventLine } from './event-lines.ts';
import { Exporter } from './exporter.ts';
import { parseExposition } from './parse-exposition.ts';
import { makeDirectory } from './tools.ts';
import { until } from './until.ts';

it('compresses when asked, and says how', async () => {
  const exporter = await start('');
  const zipped = await request(exporter, { 'Accept-Encoding': 'gzip' });
  expect(zipped.response.statusCode).toBe(200);
  expect(zipped.response.headers['content-encoding']).toBe('gzip');
  expect(zipped.response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const unzipped = gunzipSync(zipped.body).toString();
  expect(parseExposition(unzipped).length).toBeGreaterThan(50);

  const plain = await request(exporter, {});
  expect(plain.response.headers['content-encoding']).toBeUndefined();
  // Those of Node.js come and go with its garbage collections.
  const ours = (text: string) => parseExposition(text).filter(({ name }) => name.startsWith('srcroute_'));
  const names = (text: string) => new Set(ours(text).map(({ name }) => name));
  expect(names(plain.body.toString())).toEqual(names(unzipped));
});

it('serves so many scrapes at once and refuses more', async () => {
  const exporter = await start(
    Array.from({ length: 10_000 }, (_, index) => eventLine(`10.0.${index >> 8}.${index & 255}`)).join(''),
    '--web.max-requests=1',
    '--sources.max=10000',
  );
  await exporter.until('all is counted', (samples) => samples.sum('srcroute_events_total') === 10_000);
  const ask = () => Promise.all(Array.from({ length: 30 }, () => request(exporter, { 'Accept-Encoding': 'gzip' })));
  const have = (answers: Awaited<ReturnType<typeof ask>>, status: number) =>
    answers.filter(({ response }) => response.statusCode === status);
  // On a busy machine they may come one after the other.
  const answers = await until('two come at once', async () => {
    const all = await ask();
    return have(all, 503).length > 0 && all;
  });
  const of = (status: number) => have(answers, status);
  expect(of(200).length).toBeGreaterThan(0);
  expect(of(200).length + of(503).length).toBe(30);
  for (const { body } of of(503)) expect(body.toString()).toMatch(/^Limit of concurrent requests reached \(1\)/);
  for (const { body } of of(200)) expect(gunzipSync(body).toString()).toContain('source_ip="10.0.39.15"');
  expect((await exporter.get('/metrics')).status).toBe(200);
});

it('serves page and probes, and refuses the rest', async () => {
  const exporter = await start('');
  expect((await exporter.get('/')).body).toContain('/metrics');
  expect((await exporter.get('/-/healthy')).status).toBe(200);
  expect((await exporter.get('/nope')).status).toBe(404);
  const post = await fetch(`http://${exporter.address}/metrics`, { method: 'POST' });
  expect(post.status).toBe(405);
});

async function start(text: string, ...flags: string[]): Promise<Exporter> {
  const log = join(makeDirectory(), 'kern.log');
  writeFileSync(log, text);
  return Exporter.start([`--input.file=${log}`, '--input.from=start', ...flags]);
}

/** One request over a connection of its own, with the body as it came. */
async function request(exporter: Exporter, headers: Record<string, string>) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port: exporter.port, path: '/metrics', headers, agent: false }, resolve).once(
      'error',
      reject,
    );
  });
  return { response, body: await buffer(response) };
}
