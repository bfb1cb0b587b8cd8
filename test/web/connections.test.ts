import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { connectAndSend, exchange } from './raw-client.ts';
import { serve } from './serve.ts';
import { signal } from './signal.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const hello: RequestListener = (_request, response) => response.end('hello\n');

describe('close', () => {
  /** Milliseconds until the server is closed. */
  async function timeToClose(server: { close(): Promise<void> }): Promise<number> {
    const start = performance.now();
    await server.close();
    return performance.now() - start;
  }

  it('is immediate with idle connections, refuses new ones and may be called twice', async () => {
    const { port, server } = await serve(hello);
    const socket = await connectAndSend(port, GET);
    await once(socket, 'data');
    const closed = once(socket, 'close');
    const both = Promise.all([timeToClose(server), timeToClose(server)]);
    for (const time of await both) expect(time).toBeLessThan(900);
    await closed;
    await server.close();
    const [error] = await once(connect(port, '127.0.0.1'), 'error');
    expect(error.code).toBe('ECONNREFUSED');
  });

  it.each([
    ['nothing', ''],
    ['half a request', 'GET / HTTP/1.1\r\nHost: x\r\n'],
    ['a body that never ends', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc'],
  ])('does not wait for a client that sent %s', async (_what, text) => {
    const { port, server } = await serve(hello);
    await connectAndSend(port, text);
    // A second connection that is answered: the first was accepted before it.
    await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await timeToClose(server)).toBeLessThan(1_500);
  });

  it.each([
    ['whole', true],
    ['half written', false],
  ])('does not wait for a client that never reads a large response, %s', async (_how, whole) => {
    const started = signal();
    const large: RequestListener = (_request, response) => {
      if (whole) response.end(Buffer.alloc(64 << 20));
      else response.write(Buffer.alloc(64 << 20));
      started.resolve();
    };
    const { port, server } = await serve(large);
    await connectAndSend(port, GET);
    await started.promise;
    expect(await timeToClose(server)).toBeLessThan(1_500);
  });

  it('lets a response under way finish, and is done with it', async () => {
    const started = signal();
    const finish = signal();
    const slow: RequestListener = async (_request, response) => {
      response.write('begin ');
      started.resolve();
      await finish.promise;
      response.end('end');
    };
    const { url, server } = await serve(slow, { closeGrace: 60_000 });
    const answer = fetch(url).then((response) => response.text());
    await started.promise;
    const closed = server.close();
    finish.resolve();
    expect(await answer).toBe('begin end');
    await closed;
  });
});
