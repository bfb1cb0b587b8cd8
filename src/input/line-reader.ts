import type { LogRecord } from './record.ts';

/** Makes records of the lines of one file. What is not a record it counts itself. */
export interface LineReader {
  /** Takes a line as a part of a text; gives its record if it may be one of ours. */
  read(text: string, start: number, end: number): LogRecord | undefined;
  /** Takes the line before the first that is read, which was read by another process, or is not to be counted. */
  follow(line: string): void;
  /** When the last line was logged, in seconds since the epoch; undefined where the log does not tell. */
  lastTime(): number | undefined;
}
