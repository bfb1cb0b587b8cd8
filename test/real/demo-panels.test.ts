import { expect, it } from 'vitest';
import { BOARDS } from '../../dashboards/src/boards.ts';
import { interpolate, readBoard } from '../dashboards/board-file.ts';
import { startDemo } from '../e2e/boards/start-demo.ts';
import { type Watching, watch } from '../e2e/boards/watch.ts';
import { describeReal } from '../e2e/required.ts';
import { until } from '../e2e/until.ts';

/** Somebody lets the host of the demo accept 15 s after its start, and rates need two scrapes. */
const LIMIT_MS = 60_000;

/** The exporter samples the lag of its event loop once a second: a shorter one meets scrapes without a sample. */
const INTERVAL = '3s';

/** What the demo leaves empty, each with its reason. */
const EMPTY: Readonly<Record<string, string>> = {
  'overview.json: "Not reporting", query A': 'the host of the demo always reports, and can be read',
};

/** Every query of a panel, by board, title and letter. Panels of words have none. */
const QUERIES = Object.keys(BOARDS).flatMap((file) =>
  readBoard(file).panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr = '' }) => ({ name: `${file}: "${title}", query ${refId}`, expr: interpolate(expr) })),
  ),
);

describeReal('the demo, watched by a real Prometheus with the shipped rules', { commands: ['prometheus'] }, () => {
  it('fills every panel of both boards but those listed with a reason', { timeout: 2 * LIMIT_MS }, async () => {
    const prometheus = await watch([await startDemo()], { interval: INTERVAL });
    let empty: string[] = [];
    await until(
      'no query is empty but those listed',
      async () => {
        empty = await emptyQueries(prometheus);
        return empty.every((name) => name in EMPTY);
      },
      LIMIT_MS,
    ).catch(() => {});
    expect(empty).toEqual(Object.keys(EMPTY));
  });

  it('has a name of its own for each query', () => {
    expect(new Set(QUERIES.map(({ name }) => name)).size).toBe(QUERIES.length);
    expect(QUERIES.length).toBeGreaterThan(80);
  });
});

async function emptyQueries(prometheus: Watching): Promise<string[]> {
  const names: string[] = [];
  for (const { name, expr } of QUERIES) if ((await prometheus.query(expr)).length === 0) names.push(name);
  return names;
}
