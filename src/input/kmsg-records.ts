import { parseKmsg } from './parse-kmsg.ts';
import type { InputStats, LogRecord } from './record.ts';

/**
 * Turns what was read in the form of /dev/kmsg into records and counts what sequence numbers tell: a number that is missing is a
 * record that was overwritten before it was read.
 */
export class KmsgRecords {
  /** The sequence number after the last record; undefined before the first. */
  next: number | undefined;
  readonly #stats: InputStats;
  readonly #timeOf: (microseconds: number) => number | undefined;

  /** Takes the statistics to keep and what makes seconds since the epoch of a record's microseconds since boot. */
  constructor(stats: InputStats, timeOf: (microseconds: number) => number | undefined) {
    this.#stats = stats;
    this.#timeOf = timeOf;
  }

  /** Takes one record as read, or one line of a capture. Gives nothing for a malformed one, and for a line of a dictionary. */
  read(text: string, line: boolean): LogRecord | undefined {
    if (line && text.startsWith(' ')) return undefined;
    const record = parseKmsg(text);
    if (record === undefined) {
      this.#stats.records += 1;
      this.#stats.rejected.malformed += 1;
      return undefined;
    }
    // A lower number is another boot's: captures are appended to each other. The device never goes back.
    if (this.next !== undefined && record.sequence > this.next) this.#stats.lost += record.sequence - this.next;
    this.next = record.sequence + 1;
    this.#stats.records += 1;
    return {
      message: record.message,
      fromKernel: record.facility === 0,
      time: () => this.#timeOf(record.microseconds),
      repeat: 1,
      raw: text,
    };
  }
}
