import { constants, openSync, readSync, watch } from 'node:fs';
import { closeDescriptor } from './close-descriptor.ts';
import type { InputClocks } from './input-clocks.ts';
import { KmsgRecords } from './kmsg-records.ts';
import { openError } from './open-error.ts';
import { parseKmsg } from './parse-kmsg.ts';
import type { From, Input, InputPosition, InputStats, LogRecord, Step } from './record.ts';

/** More than the longest record: CONSOLE_EXT_LOG_MAX is 8,192 bytes up to 6.1, PRINTK_MESSAGE_MAX 2,048 since. A record that does not fit is lost. */
const BUFFER_BYTES = 16 * 1024;
/** Records of one step: about 10 ms of work, so that requests get their turn in a flood. */
const MAX_RECORDS = 2_000;
/** A 128 KiB ring holds some 1,300 records: 10 ms keeps up with 50,000 a second. Idle, a wake-up costs more than what it reads. */
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
  readonly #boot: string;
  readonly #saved: InputPosition | undefined;
  readonly #now: () => number;
  readonly #monotonic: () => number;
  readonly #records: KmsgRecords;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #fd: number | undefined;
  #busyUntil = 0;
  #bootTime = 0;
  #seenUntil: number | undefined;
  #newestSeen: number | undefined;
  #watcher: { close(): void } | undefined;
  #wake = () => {};
  /** It has given a record. */
  #isProven = false;

  /** Takes the path, the statistics to keep, where to begin, the clocks, the present boot, and how far a former process read. */
  constructor(path: string, stats: InputStats, from: From, clocks: InputClocks, boot: string, saved?: InputPosition) {
    this.name = path;
    this.stats = stats;
    // Another boot's ring is new to us: all of it came after what was read.
    this.#from = saved?.boot === undefined ? from : 'start';
    this.#now = clocks.now;
    this.#monotonic = clocks.monotonic;
    this.#boot = boot;
    this.#saved = saved;
    this.#records = new KmsgRecords(this.stats, (microseconds) =>
      Math.min(this.#bootTime + microseconds / 1e6, this.#now() / 1000),
    );
    if (saved?.boot === boot) this.#records.next = saved.sequence;
  }

  step(): Step {
    const fd = this.#open();
    const now = this.#now();
    this.#bootTime = now / 1000 - this.#monotonic();
    const records: LogRecord[] = [];
    const outcome = this.#readAll(fd, records);
    const last = records.at(-1);
    if (last !== undefined) {
      this.#busyUntil = now + BUSY_FOR_MS;
      this.stats.lastRecord = Math.max(this.stats.lastRecord ?? 0, last.time() ?? 0);
    }
    const isBusy = now < this.#busyUntil;
    this.#watch(!isBusy);
    return { records, ...outcome, waitMs: isBusy ? BUSY_MS : IDLE_MS };
  }

  /** What was read before an error is handed on all the same: its numbers are passed. */
  #readAll(fd: number, records: LogRecord[]): Pick<Step, 'more' | 'trouble'> {
    try {
      for (let reads = 0; reads < MAX_RECORDS; reads++) {
        const text = this.#read(fd);
        if (text === undefined) return { more: this.#wentBack() };
        if (text === '' || this.#seen(text)) continue;
        const record = this.#records.read(text, false);
        if (record !== undefined) records.push(record);
      }
      return { more: true };
    } catch (error) {
      this.close();
      return { more: false, trouble: openError(this.name, error, 'device').message };
    }
  }

  onWake(wake: () => void): void {
    this.#wake = wake;
  }

  position(): InputPosition | undefined {
    // Nothing was read: what a former process left is still what is known.
    if (this.#records.next === undefined) return this.#saved;
    return { boot: this.#boot, sequence: this.#records.next };
  }

  close(): void {
    this.#watch(false);
    if (this.#fd !== undefined) closeDescriptor(this.#fd);
    this.#fd = undefined;
  }

  /**
   * While idle, a write of user space wakes us before its flood overruns the ring. The kernel's own records make no such event: theirs
   * are found by the timer, and what is lost until then is counted.
   */
  #watch(wanted: boolean): void {
    if (wanted === (this.#watcher !== undefined)) return;
    this.#watcher?.close();
    this.#watcher = wanted ? watchWrites(this.name, () => this.#wake()) : undefined;
  }

  #open(): number {
    if (this.#fd !== undefined) return this.#fd;
    try {
      this.#fd = openSync(this.name, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      throw openError(this.name, error, 'device');
    }
    try {
      if (this.#records.next !== undefined) this.#seenUntil = this.#records.next;
      else if (this.#from === 'end') this.#skip(this.#fd);
    } catch (error) {
      this.close();
      throw openError(this.name, error, 'device');
    }
    return this.#fd;
  }

  /** Begins at the end: the numbering of what is passed over is kept, so that the first gap is seen. */
  #skip(fd: number): void {
    for (let text = this.#read(fd); text !== undefined; text = this.#read(fd)) {
      const record = parseKmsg(text);
      if (record !== undefined) this.#records.next = record.sequence + 1;
    }
  }

  /** A descriptor stands at the oldest record: what was read before is not read twice. */
  #seen(text: string): boolean {
    if (this.#seenUntil === undefined) return false;
    const sequence = parseKmsg(text)?.sequence;
    if (sequence !== undefined && sequence < this.#seenUntil) {
      this.#newestSeen = sequence;
      return true;
    }
    this.#seenUntil = undefined;
    return false;
  }

  /**
   * At the end of a ring: whether its newest record is older than what was read before. Then the machine went back to a snapshot and
   * gives the same numbers out again, and the ring is read from its start.
   */
  #wentBack(): boolean {
    if (this.#seenUntil === undefined || this.#newestSeen === undefined || this.#newestSeen + 1 >= this.#seenUntil) {
      return false;
    }
    this.close();
    this.#records.next = undefined;
    this.#seenUntil = undefined;
    return true;
  }

  /** One record; '' for an overrun, after which the next read gives the oldest record there is; undefined at the end. */
  #read(fd: number): string | undefined {
    // Ten times a second the answer is EAGAIN, and most of what that costs is the stack trace of its error.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const bytes = readSync(fd, this.#buffer, 0, BUFFER_BYTES, null);
      const text = this.#buffer.toString('latin1', 0, bytes);
      // Containers have /dev/null in the place of what they hide: silence there says nothing of the kernel.
      this.#isProven ||= parseKmsg(text) !== undefined;
      if (!this.#isProven) throw new Error('what it gives is no kernel log');
      return text;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return undefined;
      // EPIPE: overrun. EINVAL: a record longer than the buffer, which the kernel has passed over. The gap in the sequence counts both.
      if (code === 'EPIPE' || code === 'EINVAL') return '';
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

/** Without inotify (no watch left) the timer does alone. */
function watchWrites(path: string, onWrite: () => void): { close(): void } {
  try {
    return watch(path, { persistent: false }, onWrite).on('error', () => {});
  } catch {
    return { close() {} };
  }
}
