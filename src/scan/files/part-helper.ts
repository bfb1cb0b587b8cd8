import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FindingsState, SubnetBits } from '../report/findings.ts';
import type { FilePart } from './scan-part.ts';

/** What a thread is told at its start. */
export interface WorkerData {
  readonly logPrefixes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly bits: SubnetBits;
}

/** Asks for a part of a file, whose descriptor is that of the whole process. */
export interface PartRequest {
  readonly fd: number;
  readonly start: number;
  readonly end: number;
}

/** What came of a part: its tally, or what the system said; and at last what was found in all parts. */
export interface PartAnswer {
  readonly part?: FilePart;
  readonly found?: FindingsState;
  readonly error?: string;
}

/** Beside this file, and built like it: .ts in tests, .js in what is installed. */
const WORKER = new URL(`./part-worker${extname(import.meta.url)}`, import.meta.url);
/** What a thread makes is forgotten at once: it needs no more room for it, in MB. */
const YOUNG_GENERATION = 1;

/** A thread of its own that scans parts of files. */
export class PartHelper {
  readonly #worker: Worker;
  readonly #waiting: { resolve: (answer: PartAnswer) => void; reject: (error: Error) => void }[] = [];
  #trouble: Error | undefined;

  constructor(data: WorkerData) {
    this.#worker = new Worker(WORKER, {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
    });
    this.#worker.on('message', (answer: PartAnswer) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('a thread of this program ended')));
  }

  /** Parts that it was asked for and has not scanned yet. */
  get asked(): number {
    return this.#waiting.length;
  }

  /** Scans a part. Rejects with what the system said, or when the thread broke. */
  async scan(request: PartRequest): Promise<FilePart> {
    const { part, error } = await this.#ask(request);
    if (part === undefined) throw Object.assign(new Error(error), { code: error });
    return part;
  }

  /** What was found in all parts, and the end of the thread. */
  async finish(): Promise<FindingsState> {
    const { found = [] } = await this.#ask('finish');
    this.#trouble = new Error('the thread has finished');
    await this.#worker.terminate();
    return found;
  }

  #ask(request: PartRequest | 'finish'): Promise<PartAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#trouble !== undefined) {
        reject(this.#trouble);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  #fail(error: Error): void {
    this.#trouble ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
