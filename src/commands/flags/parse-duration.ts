const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 2 ** 31 - 1;

/** Milliseconds of a duration such as `500ms`, `5s`, `10m` or `24h`. Throws SyntaxError for any other text, for none and for over 24 days. */
export function parseDuration(text: string): number {
  const [, number, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const milliseconds = Number(number) * UNITS[(unit ?? 's') as keyof typeof UNITS];
  if (milliseconds > 0 && milliseconds <= LONGEST_MS) return milliseconds;
  throw new SyntaxError(`Cannot use "${text}": expected a duration such as 500ms, 5s, 10m or 24h`);
}
