/** What an expression speaks of. */
export interface Mentioned {
  /** Names of metrics and recorded series. */
  readonly metrics: readonly string[];
  /** Names of labels, in matchers and in by, without, on, ignoring and group_left. */
  readonly labels: readonly string[];
  /** Every use of a metric, with its conditions. */
  readonly selectors: readonly Selector[];
  /** Numbers that are neither durations nor in texts. */
  readonly numbers: readonly number[];
}

/** A metric, and which of its series. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** One condition in braces. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

const TOKEN =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[a-zA-Z_:][\w:]*|(?:\d+(?:ms|[smhdwy]))+(?::(?:\d+(?:ms|[smhdwy]))*)?|\d*\.?\d+(?:e[+-]?\d+)?|[=!]~|[=!]=|\S/g;
const GROUPINGS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const WORDS = new Set(['and', 'or', 'unless', 'offset', 'bool', 'atan2', 'inf', 'nan']);

/** Reads the names out of a PromQL expression. Whether it is one says promtool. */
export function mentioned(expression: string): Mentioned {
  const tokens = expression.match(TOKEN) ?? [];
  const labels = new Set<string>();
  const selectors: { metric: string; matchers: Matcher[] }[] = [];
  const numbers: number[] = [];
  let inside: 'matchers' | 'grouping' | undefined;
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1];
    if (inside === undefined && token === '{') inside = 'matchers';
    else if (inside === undefined && token === '(' && GROUPINGS.has(tokens[at - 1] ?? '')) inside = 'grouping';
    else if ((inside === 'matchers' && token === '}') || (inside === 'grouping' && token === ')')) inside = undefined;
    else if (/^[a-zA-Z_:]/.test(token)) {
      if (inside !== undefined) labels.add(token);
      else if (!isWord(token, next)) selectors.push({ metric: token, matchers: [] });
      if (inside === 'matchers') {
        const value = (tokens[at + 2] ?? '').slice(1, -1);
        selectors.at(-1)?.matchers.push({ label: token, operator: next as Matcher['operator'], value });
      }
    } else if (inside === undefined && /^[\d.]/.test(token) && !Number.isNaN(Number(token)))
      numbers.push(Number(token));
  }
  const metrics = [...new Set(selectors.map(({ metric }) => metric))];
  return { metrics, labels: [...labels], selectors, numbers };
}

/** Whether it is a function, an aggregation (whose grouping may come first) or an operator. */
function isWord(token: string, next: string | undefined): boolean {
  return next === '(' || GROUPINGS.has(next ?? '') || GROUPINGS.has(token) || WORDS.has(token);
}

/** Whether a series is one of those that a selector takes. */
export function selects(
  { metric, matchers }: Selector,
  series: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): boolean {
  if (metric !== series.name) return false;
  return matchers.every(({ label, operator, value }) => {
    const found = series.labels[label] ?? '';
    const matches = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(found) : found === value;
    return matches !== operator.startsWith('!');
  });
}
