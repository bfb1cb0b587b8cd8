const DAY_MS = 86_400_000;

/**
 * Seconds since the epoch of a syslog line's time stamp; undefined if it is none. Takes the present in milliseconds since the
 * epoch. RFC 3164 stamps have neither year nor zone: they are read as this process's local time, in the last year in which they
 * are not in the future. No log is written tomorrow: later times are the present.
 */
export function syslogTime(stamp: string, nowMs: number): number | undefined {
  const time = /^\d{4}-/.test(stamp) ? Date.parse(stamp) : withYear(stamp, nowMs);
  return Number.isNaN(time) ? undefined : Math.min(time, nowMs) / 1000;
}

function withYear(stamp: string, nowMs: number): number {
  const year = new Date(nowMs).getFullYear();
  const time = Date.parse(`${stamp} ${year}`);
  return time > nowMs + DAY_MS ? Date.parse(`${stamp} ${year - 1}`) : time;
}
