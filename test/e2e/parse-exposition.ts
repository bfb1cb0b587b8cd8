/** One line of an exposition: a series and its value. */
export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|(?=\}))/y;
// Prometheus reads NaN in any case, and prom-client writes `Nan`.
const VALUE = / ([Nn]a[Nn]|[+-]Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/y;
const COMMENT = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

/**
 * Parses the text format strictly: HELP and TYPE before the samples of a metric, no series twice, every line ended. Throws Error
 * naming the line that has not the form.
 */
export function parseExposition(text: string): ExposedSample[] {
  if (!text.endsWith('\n')) throw new Error('The last line has no end');
  const samples: ExposedSample[] = [];
  const types = new Map<string, string>();
  const helps = new Set<string>();
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    if (line.startsWith('#')) {
      const [, kind, name = '', rest = ''] = COMMENT.exec(line) ?? refuse(line);
      if (kind === 'TYPE' && (!TYPES.includes(rest) || types.has(name))) refuse(line);
      if (kind === 'HELP' && (rest === '' || helps.has(name))) refuse(line);
      if (kind === 'TYPE') types.set(name, rest);
      else helps.add(name);
      continue;
    }
    const sample = parseSample(line);
    const family = types.has(sample.name) ? sample.name : sample.name.replace(/_(?:bucket|sum|count)$/, '');
    if (!types.has(family) || !helps.has(family)) refuse(line);
    const series = seriesKey(sample.name, sample.labels);
    if (seen.has(series)) refuse(line);
    seen.add(series);
    samples.push(sample);
  }
  return samples;
}

/** One text for one series, whatever the order of its labels. */
export function seriesKey(name: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function parseSample(line: string): ExposedSample {
  NAME.lastIndex = 0;
  const name = NAME.exec(line)?.[0] ?? refuse(line);
  let at = name.length;
  const labels: Record<string, string> = {};
  if (line[at] === '{') {
    at += 1;
    while (line[at] !== '}') {
      LABEL.lastIndex = at;
      const [all, label = '', value = ''] = LABEL.exec(line) ?? refuse(line);
      if (Object.hasOwn(labels, label)) refuse(line);
      labels[label] = value.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
      at += all.length;
    }
    at += 1;
  }
  VALUE.lastIndex = at;
  const text = VALUE.exec(line)?.[1] ?? refuse(line);
  return { name, labels, value: Number(text.replace('Inf', 'Infinity')) };
}

function refuse(line: string): never {
  throw new Error(`Not a line of an exposition: ${JSON.stringify(line)}`);
}
