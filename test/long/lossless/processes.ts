import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { FileInput } from '../../../src/input/file.ts';
import type { FilePosition } from '../../../src/input/file-position.ts';
import type { LineReader } from '../../../src/input/line-reader.ts';
import { perpetual } from '../../../src/input/perpetual.ts';
import { type From, type InputStats, type LogRecord, newInputStats } from '../../../src/input/record.ts';
import { createLog } from '../../../src/log/log.ts';
import { asNobody } from '../../as-nobody.ts';
import type { World } from './world.ts';

const SETTLE_POLL_MS = 5;
const SETTLE_LIMIT_MS = 60_000;

const LOG = createLog(
  'error',
  'logfmt',
  () => {},
  () => 0,
);

/** Every line is a record. */
export function everyLine(stats: InputStats): LineReader {
  const read = (text: string, start: number, end: number): LogRecord => {
    stats.records += 1;
    const line = text.slice(start, end);
    return { message: line, fromKernel: true, time: () => undefined, repeat: 1, raw: line };
  };
  return { read, follow() {}, lastTime: () => undefined };
}

/** What a checkpoint holds. */
export interface Checkpoint {
  readonly counted: ReadonlySet<string>;
  readonly stats: Pick<InputStats, 'records' | 'lost' | 'reopens' | 'rejected'>;
  readonly files: readonly FilePosition[] | undefined;
}

/** The reader of a world's log as it runs in an exporter, from process to process. Stepped by hand. */
export class Processes {
  readonly #world: World;
  readonly #from: From;
  readonly #now: () => number;
  #input: FileInput | undefined;
  #checkpoint: Checkpoint | undefined;
  #savedChanges: number | undefined;

  constructor(world: World, from: From, now: () => number) {
    this.#world = world;
    this.#from = from;
    this.#now = now;
  }

  /** Begins where the last checkpoint tells, if there is one. */
  start(): FileInput {
    if (this.#input !== undefined) return this.#input;
    const saved = this.#checkpoint;
    const stats = newInputStats();
    Object.assign(stats, structuredClone(saved?.stats));
    this.#savedChanges = undefined;
    this.#input = new FileInput(this.#world.path, stats, this.#from, everyLine(stats), LOG, this.#now, saved?.files);
    this.#world.begin(saved?.counted ?? new Set());
    return this.#input;
  }

  step(): { more: boolean; trouble?: string | undefined } {
    const input = this.start();
    const { records, more, trouble } = this.#world.isLocked ? asNobody(() => input.step()) : input.step();
    for (const { message } of records) this.#world.take(message);
    return { more, trouble };
  }

  /** Steps until there is no more. */
  poll(): void {
    let last = this.step();
    while (last.more) last = this.step();
    if (last.trouble === undefined) this.#world.caughtUp();
  }

  /** As the exporter does: only when anything was read. */
  save(): void {
    const input = this.#input;
    if (input === undefined) return;
    const { records, lost, reopens, rejected } = input.stats;
    const changes = records + lost + reopens;
    if (changes === this.#savedChanges) return;
    this.#savedChanges = changes;
    this.#checkpoint = {
      counted: this.#world.counted(),
      stats: structuredClone({ records, lost, reopens, rejected }),
      files: JSON.parse(JSON.stringify(input.position() ?? {})).files,
    };
  }

  stop(): void {
    this.#input?.close();
    this.save();
    this.#end();
  }

  kill(): void {
    this.#input?.close();
    this.#end();
  }

  get stats(): InputStats {
    return this.start().stats;
  }

  #end(): void {
    if (this.#input === undefined) return;
    this.#input = undefined;
    this.#world.end(this.#checkpoint?.counted ?? new Set());
  }
}

/** The same, but running by itself in real time, woken by what the system tells. */
export class RunningProcesses {
  readonly #world: World;
  readonly #from: From;
  #input: FileInput | undefined;
  #checkpoint: Checkpoint | undefined;
  #abort = new AbortController();
  #error: unknown;
  #running = Promise.resolve();

  constructor(world: World, from: From) {
    this.#world = world;
    this.#from = from;
  }

  start(): void {
    if (this.#input !== undefined) return;
    const saved = this.#checkpoint;
    const stats = Object.assign(newInputStats(), structuredClone(saved?.stats));
    const input = new FileInput(this.#world.path, stats, this.#from, everyLine(stats), LOG, Date.now, saved?.files);
    this.#input = input;
    this.#world.begin(saved?.counted ?? new Set());
    this.#abort = new AbortController();
    this.#running = this.#run(input, this.#abort.signal).catch((error) => {
      this.#error ??= error;
    });
  }

  async #run(input: FileInput, signal: AbortSignal): Promise<void> {
    for await (const records of perpetual(input, signal, LOG, Date.now)) {
      // What is killed counts no more.
      if (this.#input !== input) return;
      for (const { message } of records) this.#world.take(message);
    }
  }

  /** Waits until all is read that must be and the log that is there is followed. */
  async settle(): Promise<void> {
    this.start();
    const end = performance.now() + SETTLE_LIMIT_MS;
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      const missing = this.#world.missing();
      if (missing.length === 0 && this.#follows()) break;
      if (performance.now() > end) throw new Error(`Not read: ${JSON.stringify(missing)}`);
      await delay(SETTLE_POLL_MS);
    }
    this.#world.caughtUp();
  }

  save(): void {
    const input = this.#input;
    if (input === undefined) return;
    const { records, lost, reopens, rejected } = input.stats;
    this.#checkpoint = {
      counted: this.#world.counted(),
      stats: structuredClone({ records, lost, reopens, rejected }),
      files: JSON.parse(JSON.stringify(input.position())).files,
    };
  }

  async stop(): Promise<void> {
    const input = this.#input;
    this.#abort.abort();
    await this.#running;
    if (input !== undefined) this.save();
    this.#end();
  }

  async kill(): Promise<void> {
    this.#end();
    this.#abort.abort();
    await this.#running;
    if (this.#error !== undefined) throw this.#error;
  }

  get stats(): InputStats | undefined {
    return this.#input?.stats;
  }

  #follows(): boolean {
    const name = statSync(this.#world.path, { throwIfNoEntry: false });
    const followed = this.#input?.position().files?.[0];
    return name === undefined || (followed?.device === name.dev && followed.inode === name.ino);
  }

  #end(): void {
    if (this.#input === undefined) return;
    this.#input = undefined;
    this.#world.end(this.#checkpoint?.counted ?? new Set());
  }
}
