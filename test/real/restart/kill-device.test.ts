import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { Exporter, type Samples } from '../../e2e/exporter.ts';
import { Namespace, setSysctl } from '../../e2e/namespace.ts';
import { describeReal, PYTHON } from '../../e2e/required.ts';
import { killOverAndOver, type Load, ROUNDS } from '../../e2e/restart/kill.ts';
import { Cleanups, ENVIRONMENT, makeDirectory } from '../../e2e/tools.ts';

const TIMEOUT = 60_000 + ROUNDS * 10_000;

describeReal(
  `killed ${ROUNDS} times, on the device`,
  { root: true, kmsg: true, commands: ['ip', 'nft'], files: [PYTHON] },
  () => {
    it(
      'counts each record of the kernel once',
      async () => {
        const cleanups = new Cleanups();
        try {
          setSysctl('net/netfilter/nf_log_all_netns', 1, cleanups.add);
          const load = new KernelLoad(new Namespace(cleanups.add), cleanups);
          const directory = makeDirectory(cleanups.add);
          const flags = ['--sources.max=10000', `--state.file=${join(directory, 'state.json')}`];
          // From here on, nothing is passed over.
          const first = await Exporter.start(flags, { cleanup: cleanups.add });
          load.begin(await first.until('the device is read', (samples) => up(samples)));
          await first.kill();
          expect(await killOverAndOver(flags, load)).toBeGreaterThan(ROUNDS);
        } finally {
          await cleanups.run();
        }
      },
      TIMEOUT,
    );
  },
);

const DEVICE = { input: '/dev/kmsg' };
const up = (samples: Samples) => samples.value('srcroute_log_up', DEVICE) === 1;

/** Has the kernel log packets of addresses that are nobody else's. */
class KernelLoad implements Load {
  readonly #network = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  readonly #sender: (packets: number) => Promise<void>;
  #sent = 0;
  #shown = 0;
  #lostBefore = 0;

  constructor(namespace: Namespace, cleanups: Cleanups) {
    namespace.nft(`table ip srcroute_e2e {
      chain output {
        type filter hook output priority raw
        ip saddr ${this.#network}.0/24 log prefix "SRC ROUTE ATTEMPT: " level info
      }
    }\n`);
    const program = `import socket, sys
s = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(4)]
for i, one in enumerate(s): one.bind((${JSON.stringify(this.#network)} + "." + str(i + 1), 0))
for line in sys.stdin:
    for i in range(int(line)): s[i % 4].sendto(b"", ("127.0.0.1", 9))
    print(line, end="", flush=True)`;
    const [command = '', ...args] = namespace.prefix;
    const child = spawn(command, [...args, PYTHON, '-c', program], {
      env: ENVIRONMENT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.on('error', () => {});
    cleanups.add(() => void child.kill('SIGKILL'));
    const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    this.#sender = async (packets) => {
      child.stdin.write(`${packets}\n`);
      await answers.next();
    };
  }

  begin(samples: Samples): void {
    this.#lostBefore = lost(samples);
  }

  async burst(): Promise<void> {
    // What the ring holds since the last checkpoint, it holds: it has room for some thousand records.
    if (this.#sent - this.#shown > 300) return;
    const packets = randomInt(1, 20);
    await this.#sender(packets);
    this.#sent += packets;
  }

  isBeyond(samples: Samples): boolean {
    return this.#counted(samples) > this.#sent;
  }

  toString(): string {
    return `${this.#sent} from ${this.#network}.0/24`;
  }

  isWhole(samples: Samples): boolean {
    // Another's flood may have overrun the ring while nobody read: then it is told how much is missing.
    const missing = this.#sent - this.#counted(samples);
    const isWhole = missing >= 0 && missing <= lost(samples) - this.#lostBefore;
    if (isWhole) this.#shown = this.#sent;
    return isWhole;
  }

  #counted(samples: Samples): number {
    return samples
      .of('srcroute_source_events_total', { event: 'source_route_attempt' })
      .filter(({ labels }) => labels.source_ip?.startsWith(`${this.#network}.`))
      .reduce((sum, { value }) => sum + value, 0);
  }
}

function lost(samples: Samples): number {
  return samples.value('srcroute_log_lost_records_total', DEVICE) ?? 0;
}
