const DAY_MS = 86_400_000;
/** February 29 is rarer than every fourth year. */
const MAX_YEARS = 9;
const RFC3164 = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d)$/;

/**
 * Seconds since the epoch of a syslog line's time stamp; undefined if it is none. Takes the present in milliseconds since the
 * epoch. RFC 3164 stamps have neither year nor zone: they are read as this process's local time, in the last year in which they
 * are not in the future, but for a day: clocks differ. No log is written tomorrow: later times are the present.
 */
export function syslogTime(stamp: string, nowMs: number): number | undefined {
  const time = /^\d{4}-/.test(stamp) ? Date.parse(stamp) : withYear(stamp, nowMs);
  return Number.isNaN(time) ? undefined : Math.min(time, nowMs) / 1000;
}

function withYear(stamp: string, nowMs: number): number {
  const [, month, day, clock] = RFC3164.exec(stamp) ?? [];
  const next = new Date(nowMs).getFullYear() + 1;
  for (let year = next; year > next - MAX_YEARS; year--) {
    const time = Date.parse(`${month} ${day} ${year} ${clock}`);
    // The parser takes February 30 for March.
    if (new Date(time).getDate() === Number(day) && time <= nowMs + DAY_MS) return time;
  }
  return Number.NaN;
}
