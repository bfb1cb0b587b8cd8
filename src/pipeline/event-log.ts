import type { KernelEvent } from '../event/event.ts';
import { unescapeKmsg } from '../input/parse-kmsg.ts';
import type { LogRecord } from '../input/record.ts';
import type { Log } from '../log/log.ts';

/** Lines a second: a flood of events must not become a flood of log. */
const MAX_PER_SECOND = 10;

/**
 * Writes a line for each event, for whoever must see the record itself; what is over the limit is counted in a line of its own a
 * second later. Takes the log and the clock (milliseconds since the epoch).
 */
export function eventLog(log: Log, now: () => number): (event: KernelEvent, record: LogRecord, input: string) => void {
  let window = 0;
  let written = 0;
  let omitted = 0;
  return (event, record, input) => {
    const second = Math.floor(now() / 1000);
    if (second !== window) {
      window = second;
      written = 0;
    }
    written += 1;
    if (written > MAX_PER_SECOND) {
      if (omitted === 0) {
        setTimeout(() => {
          log.print('Events not logged', { count: omitted });
          omitted = 0;
        }, 1000).unref();
      }
      omitted += record.repeat;
      return;
    }
    const time = record.time();
    log.print('Event', {
      event: event.event,
      source: event.source ?? 'unknown',
      destination: event.destination,
      interface: event.interface || undefined,
      record_time: time === undefined ? undefined : new Date(time * 1000).toISOString(),
      repeat: record.repeat > 1 ? record.repeat : undefined,
      input,
      raw: unescapeKmsg(record.raw).trimEnd(),
    });
  };
}
