import { closeSync, constants, openSync, readSync } from 'node:fs';
import { KmsgRecords } from './kmsg-records.ts';
import { openError } from './open-error.ts';
import { parseKmsg } from './parse-kmsg.ts';
import type { From, Input, InputStats, LogRecord, Step } from './record.ts';

/** More than the longest record: CONSOLE_EXT_LOG_MAX is 8,192 bytes up to 6.1, PRINTK_MESSAGE_MAX 2,048 since. A record that does not fit is lost. */
const BUFFER_BYTES = 16 * 1024;
/** Records of one step: about 10 ms of work, so that requests get their turn in a flood. */
const MAX_RECORDS = 2_000;
/** A 128 KiB ring holds some 1,300 records: 10 ms keeps up with 50,000 a second, and idling at 100 ms costs nothing. */
const BUSY_MS = 10;
const IDLE_MS = 100;
/** How long after a record the device is polled fast. */
const BUSY_FOR_MS = 2_000;

/**
 * The kernel's log device. Each read() gives one record (Documentation/ABI/testing/dev-kmsg); it is opened O_NONBLOCK and polled,
 * because a blocking read of it can neither be cancelled nor outlived: the process could not stop.
 */
export class KmsgDevice implements Input {
  readonly name: string;
  readonly stats: InputStats;
  readonly #from: From;
  readonly #now: () => number;
  readonly #monotonic: () => number;
  readonly #records: KmsgRecords;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #fd: number | undefined;
  #busyUntil = 0;
  #bootTime = 0;
  #seenUntil: number | undefined;

  /** Takes the path, the statistics to keep, where to begin, and the clocks: milliseconds since the epoch, and seconds since boot without suspend (the clock of printk). */
  constructor(path: string, stats: InputStats, from: From, now: () => number, monotonic: () => number) {
    this.name = path;
    this.stats = stats;
    this.#from = from;
    this.#now = now;
    this.#monotonic = monotonic;
    this.#records = new KmsgRecords(this.stats, (microseconds) =>
      Math.min(this.#bootTime + microseconds / 1e6, this.#now() / 1000),
    );
  }

  step(): Step {
    const fd = this.#open();
    const now = this.#now();
    this.#bootTime = now / 1000 - this.#monotonic();
    const records: LogRecord[] = [];
    let more = true;
    for (let reads = 0; more && reads < MAX_RECORDS; reads++) {
      const text = this.#read(fd);
      if (text === undefined) more = false;
      else if (text !== '' && !this.#seen(text)) {
        const record = this.#records.read(text, false);
        if (record !== undefined) records.push(record);
      }
    }
    if (records.length > 0) this.#busyUntil = now + BUSY_FOR_MS;
    return { records, more, waitMs: now < this.#busyUntil ? BUSY_MS : IDLE_MS };
  }

  onWake(): void {}

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    if (this.#fd !== undefined) return this.#fd;
    try {
      this.#fd = openSync(this.name, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      throw openError(this.name, error, 'device');
    }
    if (this.#records.next !== undefined) this.#seenUntil = this.#records.next;
    else if (this.#from === 'end') this.#skip(this.#fd);
    return this.#fd;
  }

  /** Begins at the end: the numbering of what is passed over is kept, so that the first gap is seen. */
  #skip(fd: number): void {
    for (let text = this.#read(fd); text !== undefined; text = this.#read(fd)) {
      const record = parseKmsg(text);
      if (record !== undefined) this.#records.next = record.sequence + 1;
    }
  }

  /** A descriptor that was opened again stands at the oldest record: what was read before is not read twice. */
  #seen(text: string): boolean {
    if (this.#seenUntil === undefined) return false;
    const sequence = parseKmsg(text)?.sequence;
    if (sequence !== undefined && sequence < this.#seenUntil) return true;
    this.#seenUntil = undefined;
    return false;
  }

  /** One record; '' for an overrun, after which the next read gives the oldest record there is; undefined at the end. */
  #read(fd: number): string | undefined {
    try {
      const bytes = readSync(fd, this.#buffer, 0, BUFFER_BYTES, null);
      return bytes === 0 ? undefined : this.#buffer.toString('latin1', 0, bytes);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return undefined;
      // EPIPE: overrun. EINVAL: a record longer than the buffer, which the kernel has passed over. The gap in the sequence counts both.
      if (code === 'EPIPE' || code === 'EINVAL') return '';
      this.close();
      throw openError(this.name, error, 'device');
    }
  }
}
