import { once } from 'node:events';
import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/web/app.ts';
import { closed, connectAndSend } from './raw-client.ts';
import { serve, serveSite, siteWith } from './serve.ts';
import { signal } from './signal.ts';

const TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const BODY = '# HELP srcroute_sysctl_value é and ü\n'.repeat(5_000);
const FULL = 'Limit of concurrent requests reached (1), try again later.\n';

describe('the coding of the metrics', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['GZIP', true],
    ['gzip;q=0', false],
    ['gzip;q=0.0, *', false],
    ['*', true],
    ['*;q=0', false],
    ['*;q=0, gzip', true],
    ['deflate, gzip;q=0.5', true],
    ['gzip;q=0.1, identity;q=0.9', false],
    ['identity;q=0, gzip', true],
    ['identity;q=0', false],
    ['identity;q=0, *;q=0', false],
    ['br', false],
    ['gzip;q=nonsense', false],
  ])('Accept-Encoding: %j gives gzip: %s', async (accept, zipped) => {
    const { url } = await serveSite({ scrape: async () => ({ contentType: TYPE, body: BODY }) });
    const headers = accept === undefined ? {} : { 'Accept-Encoding': accept };
    // Not fetch, which would unzip by itself.
    const request = get(`${url}/metrics`, { headers, agent: false });
    const [response] = await once(request, 'response');
    const bytes = Buffer.concat(await response.toArray());
    expect(response.headers['content-encoding']).toBe(zipped ? 'gzip' : undefined);
    expect((zipped ? gunzipSync(bytes) : bytes).equals(Buffer.from(BODY))).toBe(true);
    expect(response.headers).toMatchObject({
      'content-type': TYPE,
      'content-length': String(bytes.length),
      vary: 'Accept-Encoding',
      'cache-control': 'no-store',
    });
  });

  it('gives HEAD the headers of GET and no body', async () => {
    const { url } = await serveSite({ scrape: async () => ({ contentType: TYPE, body: BODY }) });
    const headers = { 'Accept-Encoding': 'identity' };
    const head = await fetch(`${url}/metrics`, { method: 'HEAD', headers });
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(BODY)));
    expect(head.headers.get('content-type')).toBe(TYPE);
    expect(await head.text()).toBe('');
  });
});

describe('the outcome of a scrape', () => {
  it.each([
    ['rejects', async () => Promise.reject(new Error('no\nnumbers'))],
    [
      'throws',
      () => {
        throw new Error('no\nnumbers');
      },
    ],
  ])('that %s is 500 without a stack and one line for the log', async (_how, scrape) => {
    const lines: string[] = [];
    const { url } = await serveSite({ scrape, maxRequests: 1, onError: (line) => lines.push(line) });
    const response = await fetch(`${url}/metrics`);
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe('Cannot serve the metrics; the log of the exporter says why\n');
    expect(lines).toEqual(['Cannot serve the metrics: no numbers']);
    await expect.poll(async () => (await fetch(`${url}/metrics`)).status).toBe(500);
  });

  it('may be 503 while no number may be shown', async () => {
    const scrape = async () => ({ contentType: 'text/plain', body: 'catching up\n', status: 503 as const });
    const { url } = await serveSite({ scrape });
    const response = await fetch(`${url}/metrics`);
    expect(response.status).toBe(503);
    expect(await response.text()).toBe('catching up\n');
  });
});

describe('the limit of scrapes at once', () => {
  /** A site with one place whose first scrape hangs until it is let go; later ones answer at once. */
  async function serveHanging(body = 'up 1\n') {
    const started = signal();
    const release = signal();
    let calls = 0;
    const scrape = async () => {
      calls += 1;
      started.resolve();
      if (calls === 1) await release.promise;
      return { contentType: TYPE, body };
    };
    const served = await serveSite({ scrape, maxRequests: 1 });
    return { ...served, started: started.promise, release: release.resolve, calls: () => calls };
  }

  it('answers 503 beyond it, and 200 again when the first is done', async () => {
    const { url, started, release, calls } = await serveHanging();
    const first = fetch(`${url}/metrics`);
    await started;
    const second = await fetch(`${url}/metrics`);
    expect([second.status, await second.text()]).toEqual([503, FULL]);
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
    expect(calls()).toBe(1);
    release();
    expect(await (await first).text()).toBe('up 1\n');
    await expect.poll(async () => (await fetch(`${url}/metrics`)).status).toBe(200);
  });

  it('counts the work for a client that has left until it is done', async () => {
    const { url, port, started, release } = await serveHanging();
    const socket = await connectAndSend(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await started;
    socket.destroy();
    expect((await fetch(`${url}/metrics`)).status).toBe(503);
    release();
    await expect.poll(async () => (await fetch(`${url}/metrics`)).status).toBe(200);
  });

  it('frees the places of pipelined requests when their client leaves', async () => {
    const [firstTwo, gone, release, lastTwo] = [signal(), signal(), signal(), signal()];
    let calls = 0;
    const scrape = async () => {
      calls += 1;
      if (calls === 2) firstTwo.resolve();
      if (calls <= 2) await release.promise;
      return { contentType: TYPE, body: '' };
    };
    const app = createApp(
      siteWith({ scrape: () => (calls >= 2 ? lastTwo.promise.then(scrape) : scrape()), maxRequests: 2 }),
    );
    const { url, port } = await serve((request, response) => {
      request.socket.once('close', gone.resolve);
      app(request, response);
    });
    const socket = await connectAndSend(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
    await firstTwo.promise;
    socket.resetAndDestroy();
    await gone.promise;
    release.resolve();
    // The two that get a place hang until the third is refused: both places were free again.
    const statuses: number[] = [];
    const ask = async () => statuses.push((await fetch(`${url}/metrics`)).status);
    const asked = [ask(), ask(), ask()];
    await expect.poll(() => statuses.length).toBeGreaterThan(0);
    lastTwo.resolve();
    await Promise.all(asked);
    expect(statuses).toEqual([503, 200, 200]);
  });

  it('holds the place of a reader that does not read until it is cut', async () => {
    const scrape = async () => ({ contentType: TYPE, body: 'x'.repeat(32 << 20) });
    const { url, port } = await serveSite({ scrape, maxRequests: 1 }, { inactivityTimeout: 300 });
    const status = async () => (await fetch(`${url}/metrics`, { method: 'HEAD' })).status;
    // A busy machine may come too late to one: it is cut, and the next is tried.
    await expect
      .poll(async () => {
        const socket = await connectAndSend(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
        await Promise.race([new Promise((resolve) => socket.once('readable', resolve)), closed(socket)]);
        return status();
      })
      .toBe(503);
    await expect.poll(status).toBe(200);
  });

  it('0 is no limit', async () => {
    const all = signal();
    let calls = 0;
    const scrape = async () => {
      calls += 1;
      if (calls === 60) all.resolve();
      await all.promise;
      return { contentType: TYPE, body: '' };
    };
    const { url } = await serveSite({ scrape, maxRequests: 0 });
    const answers = await Promise.all(Array.from({ length: 60 }, () => fetch(`${url}/metrics`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});
