import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Namespace } from './namespace.ts';
import { type Cleanup, ENVIRONMENT } from './tools.ts';
import { until } from './until.ts';

/** Where it listens. */
export const PORT = 5353;

const PROGRAM = `const { createSocket } = require('node:dgram');
for (const [type, address] of [['udp4', '0.0.0.0'], ['udp6', '::']]) {
  createSocket({ type, ipv6Only: type === 'udp6' })
    .on('message', (text) => console.log(text.toString()))
    .bind(${PORT}, address, () => console.log('listening'));
}`;

/** What arrives at a UDP port of a network namespace, by IPv4 and IPv6. */
export class Datagrams {
  readonly #texts: string[];

  private constructor(texts: string[]) {
    this.#texts = texts;
  }

  /** Resolves when it listens. */
  static async listen(namespace: Namespace, cleanup: Cleanup): Promise<Datagrams> {
    const [command = '', ...args] = [...namespace.prefix, process.execPath, '-e', PROGRAM];
    const child = spawn(command, args, { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    cleanup(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line));
    await until('it listens', () => lines.length === 2);
    lines.length = 0;
    return new Datagrams(lines);
  }

  /** How many of this text have arrived by now. */
  count(text: string): number {
    return this.#texts.filter((each) => each === text).length;
  }

  /** Resolves when one of this text has arrived. */
  async arrives(text: string): Promise<void> {
    await until(`${text} arrives`, () => this.count(text) > 0);
  }
}
