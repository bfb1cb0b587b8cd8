import { constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { closeDescriptor } from './close-descriptor.ts';
import { KmsgRecords } from './kmsg-records.ts';
import { Lines } from './lines.ts';
import { openError } from './open-error.ts';
import type { Input, InputStats, LogRecord, Step } from './record.ts';

const BUFFER_BYTES = 64 * 1024;
const MAX_READS = 16;
const POLL_MS = 50;

/** A pipe that carries records in the form of /dev/kmsg, a line each. Read from where it stands: a pipe has no start to go back to. */
export class KmsgFifo implements Input {
  readonly name: string;
  readonly stats: InputStats;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  readonly #lines: Lines;
  readonly #now: () => number;
  #records: LogRecord[] = [];
  #fd: number | undefined;

  /** Takes the path, the statistics to keep, and the clock (milliseconds since the epoch). Its records carry no time: another boot's clock says nothing here. */
  constructor(path: string, stats: InputStats, now: () => number) {
    this.name = path;
    this.#now = now;
    this.stats = stats;
    const records = new KmsgRecords(this.stats, () => undefined);
    this.#lines = new Lines(
      (text, start, end) => {
        const record = records.read(text.slice(start, end), true);
        if (record !== undefined) this.#records.push(record);
      },
      () => {
        this.stats.records += 1;
        this.stats.rejected.oversize += 1;
      },
    );
  }

  step(): Step {
    const fd = this.#open();
    this.#records = [];
    const before = this.stats.records;
    const outcome = this.#readAll(fd);
    if (this.stats.records > before) this.stats.lastRecord = this.#now() / 1000;
    return { records: this.#records, ...outcome, waitMs: POLL_MS };
  }

  #readAll(fd: number): Pick<Step, 'more' | 'trouble'> {
    try {
      for (let reads = 0; reads < MAX_READS; reads++) {
        const bytes = this.#read(fd);
        if (bytes === 0) this.#endOfWriter(fd);
        if (bytes === undefined || bytes === 0) return { more: false };
        this.#lines.push(this.#buffer.toString('latin1', 0, bytes));
      }
      return { more: true };
    } catch (error) {
      this.close();
      return { more: false, trouble: openError(this.name, error, 'device').message };
    }
  }

  onWake(): void {}

  position(): undefined {}

  close(): void {
    if (this.#fd !== undefined) closeDescriptor(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    try {
      // Without O_NONBLOCK, opening waits for a writer and blocks the whole process.
      this.#fd ??= openSync(this.name, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      throw openError(this.name, error, 'device');
    }
    return this.#fd;
  }

  /** What the last writer left half written will never be whole: the next one begins a record of its own. */
  #endOfWriter(fd: number): void {
    if (this.#lines.unfinishedBytes > 0) {
      this.#lines.reset();
      this.stats.records += 1;
      this.stats.rejected.malformed += 1;
    }
    if (this.#wasReplaced(fd)) throw new Error('it was replaced');
  }

  /** Whether the name is another pipe's by now: its writers would never reach this one. */
  #wasReplaced(fd: number): boolean {
    const name = statSync(this.name, { throwIfNoEntry: false });
    return name === undefined || name.ino !== fstatSync(fd).ino;
  }

  /** Bytes read; 0 while there is no writer, undefined while there is one that writes nothing. */
  #read(fd: number): number | undefined {
    try {
      return readSync(fd, this.#buffer, 0, BUFFER_BYTES, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
      throw error;
    }
  }
}
