import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type ExposedSample, parseExposition, seriesKey } from './parse-exposition.ts';
import { type Cleanup, ENVIRONMENT, runBeside } from './tools.ts';
import { until } from './until.ts';

export const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** What has not ended after this is killed, and its exit code is null. How fast it stops, `npm run bench stop` measures. */
const KILL_AFTER_MS = 60_000;

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How it is started. */
export interface Start {
  /** What stands before the program: another user, a network namespace. */
  readonly prefix?: readonly string[];
  /** What asks it: by default this process; a prefix reaches another network namespace. */
  readonly clientPrefix?: readonly string[];
  readonly cleanup?: Cleanup;
  readonly listen?: string;
}

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The built program, running. */
export class Exporter {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  readonly #clientPrefix: readonly string[];
  #stderr = '';
  #address = '';

  private constructor(child: ChildProcess, clientPrefix: readonly string[]) {
    this.#child = child;
    this.#clientPrefix = clientPrefix;
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.#stderr += text;
    });
    this.#ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  }

  /** Starts it on a free port of the loopback interface and waits until it listens. */
  static async start(flags: readonly string[], start: Start = {}): Promise<Exporter> {
    const { prefix = [], clientPrefix = prefix, cleanup = onTestFinished, listen = '127.0.0.1:0' } = start;
    const [command = process.execPath, ...args] = [
      ...prefix,
      process.execPath,
      PROGRAM,
      `--web.listen-address=${listen}`,
      ...flags,
    ];
    const child = spawn(command, args, { env: ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] });
    const exporter = new Exporter(child, clientPrefix);
    cleanup(() => exporter.kill());
    const address = await until('it listens', () => {
      if (child.exitCode !== null || child.signalCode !== null) return 'ended';
      return /msg=Listening address=(\S+)$/m.exec(exporter.#stderr)?.[1];
    }).catch(() => 'silent');
    if (address === 'ended' || address === 'silent') {
      throw new Error(`It does not listen (${address}, code ${child.exitCode}); it said:\n${exporter.#stderr}`);
    }
    exporter.#address = address;
    return exporter;
  }

  /** `host:port` that it listens on. */
  get address(): string {
    return this.#address;
  }

  get port(): number {
    return Number(this.#address.slice(this.#address.lastIndexOf(':') + 1));
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** What it wrote on standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  async get(path: string): Promise<Answer> {
    const url = `http://${this.#address}${path}`;
    const [command, ...args] = this.#clientPrefix;
    if (command === undefined) {
      const response = await fetch(url);
      return { status: response.status, body: await response.text() };
    }
    return JSON.parse(await runBeside(command, [...args, process.execPath, '--input-type=module'], client(url)));
  }

  /** The exposition as text; throws when there is none. */
  async scrape(): Promise<string> {
    const { status, body } = await this.get('/metrics');
    if (status !== 200) throw new Error(`The scrape gave ${status}: ${body}`);
    return body;
  }

  async samples(): Promise<Samples> {
    return new Samples(parseExposition(await this.scrape()));
  }

  /** The value of one series by now; undefined when it is not there. */
  async value(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
    return (await this.samples()).value(name, labels);
  }

  /** Scrapes until what is asked of the samples is true, and gives them. */
  async until(what: string, ask: (samples: Samples) => boolean): Promise<Samples> {
    let last: Samples | undefined;
    try {
      return await until(what, async () => {
        last = await this.samples();
        return ask(last) ? last : undefined;
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; there is:\n${last}\nIt said:\n${this.#stderr}`, { cause: error });
    }
  }

  /** Asks it to end. Gives how it ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    this.#child.kill(signal);
    const ended = await this.#ended;
    clearTimeout(timer);
    return ended;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** The samples of one scrape. */
export class Samples {
  readonly all: readonly ExposedSample[];
  readonly #values: ReadonlyMap<string, number>;

  constructor(all: readonly ExposedSample[]) {
    this.all = all;
    this.#values = new Map(all.map(({ name, labels, value }) => [seriesKey(name, labels), value]));
  }

  /** The value of the series that has exactly these labels. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    return this.#values.get(seriesKey(name, labels));
  }

  /** The samples of a metric that have at least these labels. */
  of(name: string, labels: Readonly<Record<string, string>> = {}): ExposedSample[] {
    return this.all.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
  }

  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.of(name, labels).reduce((sum, { value }) => sum + value, 0);
  }

  /** Ours that are not 0, a line each: for messages. */
  toString(): string {
    return this.all
      .filter(({ name, value }) => /^srcroute_(?:events|source|log|kernel)/.test(name) && value !== 0)
      .map(({ name, labels, value }) => `${name}${JSON.stringify(labels)} ${value}`)
      .join('\n');
  }
}

/** Runs the program to its end. */
export async function runProgram(
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<Ended & { stdout: string; stderr: string }> {
  const [command = process.execPath, ...rest] = [...prefix, process.execPath, PROGRAM, ...args];
  const child = spawn(command, rest, { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
  const out = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    out.stderr += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  return new Promise((resolve) =>
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...out });
    }),
  );
}

/** A program that asks once and prints the answer. */
function client(url: string): string {
  return `const r = await fetch(${JSON.stringify(url)});
console.log(JSON.stringify({ status: r.status, body: await r.text() }));`;
}
