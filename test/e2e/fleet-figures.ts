import { expect } from 'vitest';
import { HOST_STATES } from '../../dashboards/src/posture-queries.ts';
import { interpolate, readBoard } from '../dashboards/board-file.ts';
import type { Watching } from './boards/watch.ts';
import { until } from './until.ts';

const LIMIT_MS = 120_000;

/** What expressions give: the first value of each. */
export type Figures = Readonly<Record<string, number>>;

/** Waits until Prometheus gives these figures. Fails with what differs. */
export async function expectFigures(prometheus: Watching, figures: Figures): Promise<void> {
  let found: Record<string, number | undefined> = {};
  const ask = async () => {
    const values = Object.keys(figures).map(async (expr) => [expr, await prometheus.figure(expr)] as const);
    found = Object.fromEntries(await Promise.all(values));
    return Object.entries(figures).every(([expr, value]) => found[expr] === value);
  };
  await until('the figures are right', ask, LIMIT_MS).catch(() => {});
  expect(found).toEqual(figures);
}

/** The first query of a panel of the overview, of all hosts. */
export function overview(title: string): string {
  return firstQuery('overview.json', title);
}

/** The first query of a panel of the host board, of one host. Takes its instance, `host:port`. */
export function hostBoard(title: string, instance: string): string {
  return firstQuery('host.json', title, instance);
}

/** How many hosts the overview shows in each state, by its name there; those that are not given are 0. */
export function hostStates(counts: Figures): Figures {
  const state = overview('Worst state of each host');
  return Object.fromEntries(
    HOST_STATES.map(({ value, text }) => [`count((${state}) == ${value}) or vector(0)`, counts[text] ?? 0]),
  );
}

/** How many alerts fire, by its name without the prefix. */
export function firing(name: string): string {
  return `count(ALERTS{alertname="SourceRouting${name}",alertstate="firing"}) or vector(0)`;
}

/** How many fire or are about to. */
export function pendingOrFiring(name: string): string {
  return `count(ALERTS{alertname="SourceRouting${name}"}) or vector(0)`;
}

function firstQuery(file: string, title: string, instance?: string): string {
  const panel = readBoard(file).panels.find((each) => each.title === title);
  const expr = panel?.targets?.[0]?.expr;
  if (expr === undefined) throw new RangeError(`Cannot find panel "${title}" in ${file}`);
  return interpolate(instance === undefined ? expr : expr.replaceAll('$instance', instance));
}
