import { describe, expect, it } from 'vitest';
import { exchange } from './raw-client.ts';
import { serveSite } from './serve.ts';

const PAGE = /^<!DOCTYPE html>/;

describe('createApp', () => {
  it.each([
    { method: 'GET', path: '/', status: 200, body: PAGE },
    { method: 'GET', path: '/?x=y', status: 200, body: PAGE },
    { method: 'HEAD', path: '/', status: 200, body: /^$/ },
    { method: 'GET', path: '/metrics', status: 200, body: /^up 1\n$/ },
    { method: 'GET', path: '/metrics?x=y', status: 200, body: /^up 1\n$/ },
    { method: 'GET', path: '/metrics?x=%zz', status: 200, body: /^up 1\n$/ },
    { method: 'HEAD', path: '/metrics', status: 200, body: /^$/ },
    { method: 'GET', path: '/-/healthy', status: 200, body: /^srcroute-exporter is healthy\n$/ },
    { method: 'HEAD', path: '/-/healthy', status: 200, body: /^$/ },
    { method: 'GET', path: '/-/ready', status: 200, body: /^every input is open\n$/ },
    { method: 'GET', path: '/metrics/', status: 404, body: /^Not found\n$/ },
    { method: 'GET', path: '/Metrics', status: 404, body: /^Not found\n$/ },
    { method: 'GET', path: '//metrics', status: 404, body: /^Not found\n$/ },
    { method: 'GET', path: '/favicon.ico', status: 404, body: /^Not found\n$/ },
    { method: 'HEAD', path: '/nothing', status: 404, body: /^$/ },
    { method: 'GET', path: '/%zz', status: 400, body: /^Bad request\n$/ },
    { method: 'GET', path: '/metrics/%', status: 400, body: /^Bad request\n$/ },
    ...['/', '/metrics', '/-/healthy', '/-/ready', '/nothing', '/%zz'].flatMap((path) =>
      ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'].map((method) => ({
        ...{ method, path, status: 405 },
        body: /^Method not allowed; use GET or HEAD\n$/,
      })),
    ),
  ])('$method $path gives $status', async ({ method, path, status, body }) => {
    const { url } = await serveSite();
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(body);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('etag')).toBeNull();
    if (status === 405) expect(response.headers.get('allow')).toBe('GET, HEAD');
    if (status >= 400) expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it.each([
    ['GET http://other.example/metrics', 200],
    ['GET http://[bad/metrics', 400],
    ['GET http://a%zz/metrics', 400],
    ['OPTIONS *', 405],
    ['GET *', 404],
    ['GET metrics', 400],
    ['GET javascript:alert(1)', 400],
  ])('answers the raw target of %j with %i and no page of Express', async (requestLine, status) => {
    const { port } = await serveSite();
    const answer = await exchange(port, `${requestLine} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toContain('<html');
  });

  it('is ready or not with the reason as text', async () => {
    const { url } = await serveSite({ readiness: () => ({ ready: false, reason: 'cannot open /dev/kmsg' }) });
    const response = await fetch(`${url}/-/ready`);
    expect(response.status).toBe(503);
    expect(await response.text()).toBe('cannot open /dev/kmsg\n');
    expect((await fetch(`${url}/-/healthy`)).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
  });

  it('never answers a probe from the cache of the client', async () => {
    const { url } = await serveSite();
    for (const path of ['/', '/metrics', '/-/healthy', '/-/ready']) {
      const response = await fetch(url + path, { headers: { 'If-None-Match': '*' } });
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });

  it.each(['/a/b', '/m(e)t{r}i:c*s+', '/métriques', '/a%20b', '/with space'])(
    'serves the metrics at %s',
    async (path) => {
      const { url } = await serveSite({ telemetryPath: path });
      expect(await (await fetch(url + path)).text()).toBe('up 1\n');
      expect((await fetch(`${url}/metrics`)).status).toBe(404);
      const href = /href="(\.[^"]*)">Metrics/.exec(await (await fetch(url)).text())?.[1] ?? '';
      expect(await (await fetch(new URL(href, url))).text()).toBe('up 1\n');
    },
  );

  it('serves the metrics at "/" in place of the page', async () => {
    const { url } = await serveSite({ telemetryPath: '/' });
    expect(await (await fetch(url)).text()).toBe('up 1\n');
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
  });

  it.each(['development', 'production', 'test'])(
    'hides the stack of what a handler throws, NODE_ENV=%s',
    async (env) => {
      const before = process.env.NODE_ENV;
      process.env.NODE_ENV = env;
      try {
        const lines: string[] = [];
        const status = () => {
          throw new Error('secret\n    at nowhere');
        };
        const { url } = await serveSite({ status, onError: (line) => lines.push(line) });
        const response = await fetch(url);
        expect(response.status).toBe(500);
        expect(await response.text()).toBe('Internal error; the log of the exporter says why\n');
        expect(lines).toEqual(['Cannot serve "/": secret at nowhere']);
      } finally {
        process.env.NODE_ENV = before;
      }
    },
  );
});
