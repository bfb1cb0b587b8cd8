import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { closed, connectAndSend, exchange } from './raw-client.ts';
import { serve } from './serve.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const hello: RequestListener = (_request, response) => response.end('hello\n');

describe('answerClientErrors', () => {
  it.each([
    ['garbage', 'garbage\r\n\r\n', 400],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00', 400],
    ['too large headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17 * 1024)}`, 431],
  ])('answers %s tersely and closes', async (_what, text, status) => {
    const { port } = await serve(hello);
    expect(await exchange(port, text)).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} [A-Za-z ]+\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n$`),
    );
    expect(await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200/);
  });

  it('writes no error into a response under way', async () => {
    const half: RequestListener = (_request, response) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half');
    };
    const { port } = await serve(half);
    const socket = await connectAndSend(port, GET);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'data');
    socket.write('garbage\r\n\r\n');
    await closed(socket);
    expect(Buffer.concat(chunks).toString()).not.toContain('400');
  });
});
