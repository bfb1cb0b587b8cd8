import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { closed } from '../web/raw-client.ts';
import { run } from './tools.ts';

/** Connects from an address of the loopback interface and sends the text; resolves when it is sent or the other side has closed. */
export async function attack(port: number, text: string | Buffer, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  const end = closed(socket);
  await Promise.race([new Promise<void>((resolve) => socket.once('connect', resolve)), end]);
  await Promise.race([new Promise<void>((resolve) => socket.write(text, () => resolve())), end]);
  return socket;
}

/** Sends the text, says that nothing follows, and gives everything that comes back until the other side closes. */
export async function exchange(port: number, text: string | Buffer): Promise<string> {
  const socket = await attack(port, text);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.end();
  await closed(socket);
  return Buffer.concat(chunks).toString('latin1');
}

/** Bytes of memory that a process holds. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** How many descriptors a process has open. */
export function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** What a process listens on, `address:port` each, and the UDP sockets it has. */
export function listeningSockets(pid: number): string[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.slice(1) ?? [];
      } catch {
        return [];
      }
    }),
  );
  const lines = run('ss', ['--listening', '--tcp', '--udp', '--raw', '--numeric', '--extended', '--no-header']).split(
    '\n',
  );
  return lines.filter((line) => own.has(/\bino:(\d+)/.exec(line)?.[1] ?? '')).map((line) => line.split(/\s+/)[4] ?? '');
}
