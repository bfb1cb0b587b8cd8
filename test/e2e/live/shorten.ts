/** A minute becomes a second. */
const FACTOR = 60;
const MILLISECONDS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A range or its resolution, an offset, or the value of a key that is a duration. Numbers in names (`increase10m`) are none. */
const DURATION =
  /((?:\[|(?<=\[\d+[smhd]):|\boffset |\b(?:for|\w+_for|\w+_interval|\w+_timeout|\w+_wait): ))(\d+)([smhd])\b/g;

/**
 * Divides every duration of a rule file, or of a configuration of Prometheus or Alertmanager, by 60, and changes nothing else. Takes and
 * gives its text.
 */
export function shorten(text: string): string {
  return text.replace(DURATION, (_, before, count, unit) => {
    return `${before}${Math.round((Number(count) * (MILLISECONDS[unit] ?? 0)) / FACTOR)}ms`;
  });
}
