import { FileInput } from '../../src/input/file.ts';
import type { FilePosition } from '../../src/input/file-position.ts';
import type { LineReader } from '../../src/input/line-reader.ts';
import { type From, type InputStats, type LogRecord, newInputStats } from '../../src/input/record.ts';
import { createLog } from '../../src/log/log.ts';
import type { World } from './world.ts';

/** Another user, to whom a mode of 000 means something. */
const NOBODY = 65_534;

const LOG = createLog('error', 'logfmt', () => {}, () => 0);

/** Every line is a record. */
export function everyLine(stats: InputStats): LineReader {
  const read = (text: string, start: number, end: number): LogRecord => {
    stats.records += 1;
    const line = text.slice(start, end);
    return { message: line, fromKernel: true, time: () => undefined, repeat: 1, raw: line };
  };
  return { read, lastTime: () => undefined };
}

/** What a checkpoint holds. */
export interface Checkpoint {
  readonly counted: ReadonlySet<string>;
  readonly stats: Pick<InputStats, 'records' | 'lost' | 'reopens' | 'rejected'>;
  readonly files: readonly FilePosition[] | undefined;
  readonly changes: number;
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
      changes,
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

function asNobody<T>(act: () => T): T {
  if (process.getuid?.() !== 0) return act();
  process.seteuid?.(NOBODY);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}
