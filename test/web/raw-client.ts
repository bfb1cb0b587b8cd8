import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A connected socket that has sent the text; it ends with the test. Errors (a reset) are left to its `close`. */
export async function connectAndSend(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  if (text !== '') socket.write(text, 'latin1');
  return socket;
}

/** Resolves when the connection has ended, be it by a reset. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    socket.once('close', () => resolve());
  });
}

/** Sends the text and reads until the server closes: everything that came back. */
export async function exchange(port: number, text: string): Promise<string> {
  const socket = await connectAndSend(port, text);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await closed(socket);
  return Buffer.concat(chunks).toString('latin1');
}
