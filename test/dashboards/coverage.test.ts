import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BOARDS } from '../../dashboards/src/boards.ts';
import { metric } from '../../dashboards/src/metric.ts';
import { METRICS } from '../../src/exposition/metrics.ts';
import { type ExposedSample, parseExposition } from '../e2e/parse-exposition.ts';
import { expressions, readBoard } from './board-file.ts';
import { type Selector, selectors } from './promql-syntax.ts';

const RULES = new URL('../../alerts/srcroute.rules.yml', import.meta.url);
const GOLDEN = new URL('../golden/', import.meta.url);

/** What Prometheus itself adds to each scrape, and what its rules give. */
const OF_PROMETHEUS = new Set(['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'ALERTS']);

/** Metrics that neither a board nor an alert uses, each with its reason. */
const UNUSED: Readonly<Record<string, string>> = {};

const OURS = new Set(METRICS.map(({ name }) => name));

const ON_BOARDS = Object.keys(BOARDS).flatMap((file) =>
  expressions(file, readBoard(file)).flatMap(({ place, expr }) =>
    selectors(expr).map((selector) => ({ place, selector })),
  ),
);

describe('metrics', () => {
  it('of the boards are all exposed', () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const known = new Set([...OURS, ...OF_PROMETHEUS, ...registry.getMetricsAsArray().map(({ name }) => name)]);
    const unknown = ON_BOARDS.filter(({ selector }) => !known.has(selector.name));
    expect(unknown.map(({ place, selector }) => `${place}: nothing exposes ${selector.name}`)).toEqual([]);
  });

  it('of the exporter are all on a board, in an alert, or listed with a reason', () => {
    const used = new Set([...ON_BOARDS.map(({ selector }) => selector.name), ...ruleMetrics()]);
    expect([...OURS].filter((name) => !used.has(name)).sort()).toEqual(Object.keys(UNUSED).sort());
  });

  it('have the labels and values that the boards look for', () => {
    const samples = readdirSync(GOLDEN)
      .filter((file) => file.endsWith('.prom'))
      .flatMap((file) => parseExposition(readFileSync(new URL(file, GOLDEN), 'utf8')));
    const missing = ON_BOARDS.filter(({ selector }) => {
      const series = samples.filter(({ name }) => name === selector.name);
      return series.length > 0 && !series.some((sample) => matches(sample, selector));
    });
    const say = ({ place, selector }: (typeof ON_BOARDS)[number]) =>
      `${place}: no series of ${selector.name} has ${selector.matchers.join(', ')}`;
    expect(missing.map(say)).toEqual([]);
    expect(samples.some(({ name }) => name === 'srcroute_sysctl_interfaces')).toBe(true);
  });

  it('that are not in the table stop the generator', () => {
    expect(() => metric('srcroute_event_total')).toThrow(
      new RangeError('Cannot use "srcroute_event_total": the exporter has no such metric'),
    );
  });
});

/** Metrics that the rules read; none while there is no file of rules. */
function ruleMetrics(): string[] {
  if (!existsSync(RULES)) return [];
  const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: { rules: { expr: string }[] }[] };
  return groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => selectors(expr).map(({ name }) => name)));
}

/** Whether a series of the exporter has what a selector asks for, but for what the scrape adds. */
function matches({ labels }: ExposedSample, { matchers }: Selector): boolean {
  return matchers.every((matcher) => {
    const [, label = '', operator = '', value = ''] = /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(matcher) ?? [];
    if (label === 'job' || label === 'instance') return true;
    const found = labels[label] ?? '';
    const isEqual = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(found) : found === value;
    return operator.startsWith('!') ? !isEqual : isEqual;
  });
}
