import type { LogRecord } from './record.ts';

/** Makes records of the lines of one file. What is not a record it counts itself. */
export interface LineReader {
  /** Takes a line as a part of a text; gives its record if it may be one of ours. */
  read(text: string, start: number, end: number): LogRecord | undefined;
  /** When the last line was logged, in seconds since the epoch; undefined where the log does not tell. */
  lastTime(): number | undefined;
}
