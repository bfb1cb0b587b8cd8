import type { Log } from '../log/log.ts';
import { FileInput } from './file.ts';
import type { InputClocks } from './input-clocks.ts';
import { parseSyslog } from './parse-syslog.ts';
import { type From, type Input, type InputPosition, type InputStats, type LogRecord, newInputStats } from './record.ts';
import { syslogTime } from './syslog-time.ts';

/** The input of `--input.file`: a syslog file that is followed for ever. Takes how far a former process read, too. */
export function syslogInput(path: string, from: From, log: Log, { now }: InputClocks, saved?: InputPosition): Input {
  const read = (line: string, stats: InputStats) => readLine(line, stats, now);
  return new FileInput(path, newInputStats(), from, read, log, now, saved?.files);
}

function readLine(line: string, stats: InputStats, now: () => number): LogRecord | undefined {
  const record = parseSyslog(line);
  stats.records += record?.repeat ?? 1;
  if (record === undefined) {
    stats.rejected.malformed += 1;
    return undefined;
  }
  const { message, fromKernel, repeat, stamp } = record;
  return { message, fromKernel, repeat, raw: line, time: () => syslogTime(stamp, now()) };
}
