import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Namespace } from './namespace.ts';
import { PYTHON } from './required.ts';
import { type Cleanup, ENVIRONMENT } from './tools.ts';

const SEND_PACKETS = fileURLToPath(new URL('send-packets.py', import.meta.url));

/** What send-packets.py makes of a packet beyond its addresses. */
export interface Details {
  /** The addresses of the source route. */
  readonly route?: readonly string[];
  /** Whether none of them is left to visit. */
  readonly used?: boolean;
  /** Where an option of IPv4 says that the next of them stands. */
  readonly pointer?: number;
  /** What stands before the route in IPv4. */
  readonly options?: readonly ('nop' | 'rr' | 'alert')[];
  readonly inside?: 'udp' | 'echo' | 'time-exceeded';
  /** What a datagram says. */
  readonly text?: string;
  readonly port?: number;
}

/** A packet to send so many times; `rh2` is a routing header of type 2. */
export type Packet = readonly [
  kind: 'plain' | 'lsrr' | 'ssrr' | `rh${number}`,
  source: string,
  destination: string,
  count: number,
  details: Details,
];

/** Sends crafted packets from a network namespace, without the start of scapy for each. */
export class PacketSender {
  readonly #ask: (line: string) => void;
  readonly #answers: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();

  /** Takes the device to send from and the MAC address to send to. */
  constructor(namespace: Namespace, device: string, mac: string, cleanup: Cleanup) {
    const [command = '', ...args] = [...namespace.prefix, PYTHON, SEND_PACKETS, device, mac, '-'];
    const child = spawn(command, args, { env: ENVIRONMENT, stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    cleanup(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    // When it has ended before, the missing answer says so.
    child.stdin.on('error', () => {});
    this.#ask = (line) => child.stdin.write(`${line}\n`);
    this.#answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  /** Sends in this order; resolves when all are on the wire. Throws when the sender has ended. */
  send(...packets: readonly Packet[]): Promise<void> {
    this.#ask(JSON.stringify(packets));
    const sent = this.#last.then(async () => {
      if ((await this.#answers.next()).done) throw new Error('Cannot send packets: the sender has ended');
    });
    this.#last = sent.catch(() => {});
    return sent;
  }
}
