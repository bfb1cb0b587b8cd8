import type { Log } from '../log/log.ts';
import { FileInput } from './file.ts';
import type { InputClocks } from './input-clocks.ts';
import type { LineReader } from './line-reader.ts';
import { Needles } from './needles.ts';
import { looksLikeSyslog, parseRepeated, parseSyslog } from './parse-syslog.ts';
import { type From, type Input, type InputPosition, type InputStats, type LogRecord, newInputStats } from './record.ts';
import { syslogTime } from './syslog-time.ts';

/** In the lines that stand for others. */
const REPEATED = 'message repeated';

/**
 * The input of `--input.file`: a syslog file that is followed for ever. Takes words without which a message is not ours, and how
 * far a former process read.
 */
export function syslogInput(
  path: string,
  words: readonly string[],
  from: From,
  log: Log,
  { now }: InputClocks,
  saved?: InputPosition,
): Input {
  const stats = newInputStats();
  return new FileInput(path, stats, from, new SyslogLines(stats, words, now), log, now, saved?.files);
}

/** The lines of one syslog file. */
export class SyslogLines implements LineReader {
  readonly #stats: InputStats;
  readonly #needles: Needles;
  readonly #now: () => number;
  /** The last line. */
  #text = '';
  #start = 0;
  #end = 0;

  /** Takes the statistics to keep, words without which a message is not ours, and the clock (milliseconds since the epoch). */
  constructor(stats: InputStats, words: readonly string[], now: () => number) {
    this.#stats = stats;
    this.#needles = new Needles([...words, REPEATED]);
    this.#now = now;
  }

  read(text: string, start: number, end: number): LogRecord | undefined {
    const record = this.#needles.areIn(text, start, end)
      ? this.#parse(text.slice(start, end))
      : this.#count(1, looksLikeSyslog(text, start, end));
    this.#text = text;
    this.#start = start;
    this.#end = end;
    return record;
  }

  follow(line: string): void {
    this.#text = line;
    this.#start = 0;
    this.#end = line.length;
  }

  lastTime(): number | undefined {
    const stamp = parseSyslog(this.#last())?.stamp;
    return stamp === undefined ? undefined : syslogTime(stamp, this.#now());
  }

  #parse(line: string): LogRecord | undefined {
    const record = parseSyslog(line);
    if (record === undefined) return this.#count(1, false);
    const { fromKernel, stamp } = record;
    const time = () => syslogTime(stamp, this.#now());
    const repeated = fromKernel ? parseRepeated(record.text) : undefined;
    // It stands for lines like the one before it, or it is a forgery that would count for a million.
    const isTrue = repeated !== undefined && parseSyslog(this.#last())?.message.startsWith(repeated.message);
    const { message, repeat } = isTrue ? repeated : { message: record.message, repeat: 1 };
    this.#count(repeat, true);
    return { message, fromKernel, repeat, raw: line, time };
  }

  #count(records: number, isSyslog: boolean): undefined {
    this.#stats.records += records;
    if (!isSyslog) this.#stats.rejected.malformed += 1;
  }

  #last(): string {
    return this.#text.slice(this.#start, this.#end);
  }
}
