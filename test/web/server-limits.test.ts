import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closed, connectAndSend, exchange } from './raw-client.ts';
import { serve } from './serve.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const hello: RequestListener = (_request, response) => response.end('hello\n');

/** A connection whose first request was answered. A busy machine may be slower than a test's limit: then another one. */
async function connectAndAsk(port: number): Promise<Socket> {
  for (;;) {
    const socket = await connectAndSend(port, GET);
    const answer = new Promise<true>((resolve) => socket.once('data', () => resolve(true)));
    if (await Promise.race([answer, closed(socket)])) return socket;
  }
}

describe('what a client may cost', () => {
  const QUICK = { headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 50 };

  it.each([
    ['nothing', ''],
    ['half a request line', 'GET /met'],
    ['half a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-Half: '],
  ])('cuts one that connects and sends %s', async (_what, text) => {
    const { port } = await serve(hello, QUICK);
    expect(await exchange(port, text)).toBe(
      'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
  });

  it('answers a GET with a body that never comes, and cuts it', async () => {
    const { port } = await serve(hello, QUICK);
    // Where the machine is too busy to read it within the limit, 408 is right, too.
    await expect
      .poll(() => exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc'))
      .toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it.each([
    ['with a length', 'Content-Length: 5\r\n\r\nabcde'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n'],
    ['asked for first', 'Content-Length: 5\r\nExpect: 100-continue\r\n\r\nabcde'],
  ])('reads no body %s, and nothing after it', async (_how, rest) => {
    const { port } = await serve(hello);
    const answer = await exchange(port, `GET / HTTP/1.1\r\nHost: x\r\n${rest}${GET}`);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
    expect(answer).toContain('Connection: close\r\n');
  });

  it('cuts a connection with too many requests before their answers', async () => {
    let requests = 0;
    const never: RequestListener = () => {
      requests += 1;
    };
    const { port } = await serve(never, { maxPipelined: 3 });
    expect(await exchange(port, GET.repeat(1_000))).toBe('');
    expect(requests).toBe(3);
  });

  it('keeps an idle connection longer than the inactivity timeout', async () => {
    let asked = 0;
    const asking: RequestListener = (request, response) => {
      asked = performance.now();
      hello(request, response);
    };
    const { port } = await serve(asking, { inactivityTimeout: 100, keepAliveTimeout: 400 });
    const socket = await connectAndAsk(port);
    await closed(socket);
    expect(performance.now() - asked).toBeGreaterThan(399);
  });

  it('cuts a handler that stays silent, on a connection used before too', async () => {
    let requests = 0;
    const firstOnly: RequestListener = (_request, response) => {
      requests += 1;
      if (requests === 1) response.end();
    };
    const { port } = await serve(firstOnly, { inactivityTimeout: 100, keepAliveTimeout: 60_000 });
    const socket = await connectAndAsk(port);
    socket.write(GET);
    await closed(socket);
    expect(requests).toBe(2);
  });

  it('cuts a response that takes too long in all', async () => {
    const dripping: RequestListener = (_request, response) => {
      const timer = setInterval(() => response.write('drip'), 20);
      response.on('close', () => clearInterval(timer));
    };
    const { port } = await serve(dripping, { responseTimeout: 300 });
    expect(await exchange(port, GET)).toMatch(/drip/);
  });

  it('closes the connection that was idle the longest when one more comes than may be', async () => {
    const { port } = await serve(hello, { maxConnections: 2 });
    const [first, second] = [await connectAndSend(port, GET), await connectAndSend(port, GET)];
    await Promise.all([once(first, 'data'), once(second, 'data')]);
    first.write(GET);
    await once(first, 'data');
    const cut = closed(second);
    const third = await connectAndSend(port, GET);
    await Promise.all([cut, once(third, 'data')]);
    first.write(GET);
    await once(first, 'data');
  });

  it('answers whoever comes while another holds every connection', async () => {
    const { port } = await serve(hello, { maxConnections: 20 });
    for (let index = 0; index < 100; index += 1) await connectAndSend(port, 'GET / HTTP/1.1\r\nX: ');
    expect(await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200/);
  });
});
