import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closed, connectAndSend, exchange } from './raw-client.ts';
import { serve } from './serve.ts';
import { signal } from './signal.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const hello: RequestListener = (_request, response) => response.end('hello\n');

describe('close', () => {
  /** Longer than any test may take. */
  const NEVER_MS = 3_600_000;

  it('is immediate with idle connections, refuses new ones and may be called twice', async () => {
    const { port, server } = await serve(hello, { closeGrace: NEVER_MS });
    const socket = await connectAndSend(port, GET);
    await once(socket, 'data');
    await Promise.all([server.close(), server.close(), closed(socket)]);
    await server.close();
    const [error] = await once(connect(port, '127.0.0.1'), 'error');
    expect(error.code).toBe('ECONNREFUSED');
  });

  it.each([
    ['nothing', ''],
    ['half a request', 'GET / HTTP/1.1\r\nHost: x\r\n'],
    ['a body that never ends', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc'],
  ])('does not wait for a client that sent %s', async (_what, text) => {
    const { port, server } = await serve(hello, { closeGrace: 50 });
    const socket = await connectAndSend(port, text);
    // A second connection that is answered: the first was accepted before it.
    await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    socket.resume();
    await Promise.all([server.close(), closed(socket)]);
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
    const { port, server } = await serve(large, { closeGrace: 50 });
    await connectAndSend(port, GET);
    await started.promise;
    await server.close();
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
    const { url, server } = await serve(slow, { closeGrace: NEVER_MS });
    const answer = fetch(url).then((response) => response.text());
    await started.promise;
    const closed = server.close();
    finish.resolve();
    expect(await answer).toBe('begin end');
    await closed;
  });
});
