import { describe, expect, it } from 'vitest';
import { BOARDS } from '../../dashboards/src/boards.ts';
import { type BoardJson, readBoard } from './board-file.ts';
import { lintBoard } from './lint-board.ts';

const FILES = Object.keys(BOARDS);

describe('the committed boards', () => {
  it.each(FILES)('%s has nothing that the linter minds', (file) => {
    expect(lintBoard(file, readBoard(file))).toEqual([]);
  });

  it('have a uid and a title of their own', () => {
    const boards = FILES.map(readBoard);
    expect(new Set(boards.map(({ uid }) => uid)).size).toBe(FILES.length);
    expect(new Set(boards.map(({ title }) => title)).size).toBe(FILES.length);
  });

  it('lead to boards that are there, and keep data source, host and range', () => {
    const uids = FILES.map((file) => readBoard(file).uid);
    const links = FILES.flatMap((file) => [...JSON.stringify(readBoard(file)).matchAll(/"url":"(\/d\/[^"]+)"/g)]);
    expect(links.length).toBeGreaterThan(2);
    for (const [, url = ''] of links) {
      expect(uids).toContain(/^\/d\/([\w-]+)\?/.exec(url)?.[1]);
      expect(url).toMatch(
        /\?var-datasource=\$\{datasource\}&var-job=\$\{__\S+\}&var-instance=\$\{__\S+\}&\$\{__url_time_range\}$/,
      );
    }
  });
});

const STAT = 'Accept source routes';
const GRAPH = 'Rate by kind';
const TABLE = 'Alerts that fire';

/** Hand edits: what, of which panel (or of the board), where, to what (undefined takes it away), and how the line that tells it ends. */
const EDITS: readonly (readonly [edit: string, panel: string, path: string, value: unknown, said: string])[] = [
  ['no uid', '', 'uid', undefined, 'must have a stable uid'],
  ['an id', '', 'id', 7, 'must have no id, version or __inputs'],
  ['can be edited', '', 'editable', true, 'must have editable: false'],
  ['local time', '', 'timezone', 'browser', 'must have timezone utc'],
  ['no refresh', '', 'refresh', '', 'must have refresh 1m'],
  ['another range', '', 'time.from', 'now-7d', 'must have a range of 6 hours'],
  ['no crosshair', '', 'graphTooltip', 0, 'must have a shared crosshair'],
  ['another schema', '', 'schemaVersion', 42, 'must have schemaVersion 39'],
  ['no tag', '', 'tags', [], 'must have the tag srcroute'],
  ['no links', '', 'links', [], 'must have a link to the runbooks'],
  ['a hidden link', '', 'links.0.placement', 'inControlsMenu', 'must have no link hidden in a menu'],
  ['no alerts', '', 'annotations.list', [], 'must have an annotation of alerts, enabled and visible'],
  [
    'a data source by another name',
    '',
    'templating.list.0.label',
    'DS',
    'must have a variable datasource with the label "Data source"',
  ],
  ['one job', '', 'templating.list.1.multi', false, 'must have a variable job as the linter of Grafana wants it'],
  [
    'another allValue',
    '',
    'templating.list.2.allValue',
    '.*',
    'must have a variable instance as the linter of Grafana wants it',
  ],
  ['no row', '', 'panels.0.type', 'text', 'must have panels that begin with a row'],
  ['an id twice', STAT, 'id', 1, `panel 1 "${STAT}" must have an id of its own, from 1`],
  ['an overlap', STAT, 'gridPos.w', 5, `panel 3 "Hosts not reporting" lies over panel 2 "${STAT}"`],
  ['too far right', STAT, 'gridPos.x', 22, `panel 2 "${STAT}" must have a place within 24 columns`],
  [
    'no description',
    STAT,
    'description',
    'A number.',
    `panel 2 "${STAT}" must have a description: what it means, what not, what next`,
  ],
  ['no title', STAT, 'title', '', 'panel 2 "" must have a title of at most 32 letters'],
  ['another type', STAT, 'type', 'gauge', `panel 2 "${STAT}" must have a type that is in use here`],
  [
    'a data source of its own',
    STAT,
    'datasource.uid',
    'P1',
    `panel 2 "${STAT}" must have datasource.uid \${datasource}`,
  ],
  ['an unknown unit', STAT, 'fieldConfig.defaults.unit', 'eps', `panel 2 "${STAT}" must have units that Grafana knows`],
  ['no unit', STAT, 'fieldConfig.defaults.unit', undefined, `panel 2 "${STAT}" must have a unit or mappings`],
  ['no min', STAT, 'fieldConfig.defaults.min', undefined, `panel 2 "${STAT}" must have min: 0`],
  [
    'nothing for no data',
    STAT,
    'fieldConfig.defaults.noValue',
    undefined,
    `panel 2 "${STAT}" must have a text for no data`,
  ],
  [
    'a first threshold of 0',
    STAT,
    'fieldConfig.defaults.thresholds.steps.0.value',
    0,
    `panel 2 "${STAT}" must have thresholds that begin with null`,
  ],
  ['no calcs', STAT, 'options.reduceOptions.calcs', [], `panel 2 "${STAT}" must have calcs ["lastNotNull"]`],
  [
    'a list for a legend',
    GRAPH,
    'options.legend.displayMode',
    'list',
    `"${GRAPH}" must have a legend table with lastNotNull and max`,
  ],
  [
    'a graph of one moment',
    GRAPH,
    'targets.0',
    { instant: true, range: false },
    `"${GRAPH}" query undefined must have a range`,
  ],
  [
    'an unknown transformation',
    TABLE,
    'transformations.0.id',
    'joinAll',
    `"${TABLE}" must have transformations that Grafana knows`,
  ],
  [
    'an order by nothing',
    TABLE,
    'options.sortBy.0.displayName',
    'severity',
    `"${TABLE}" must have only columns that it shows in overrides and order`,
  ],
  [
    'a table that is none',
    TABLE,
    'targets.0.format',
    'time_series',
    `"${TABLE}" query A must have instant and format table`,
  ],
  ['no query', STAT, 'targets', [], `panel 2 "${STAT}" must have at least one query`],
  ['queries out of order', STAT, 'targets.0.refId', 'B', `panel 2 "${STAT}" must have queries A, B, C in order`],
  ['no legend', STAT, 'targets.0.legendFormat', '', `panel 2 "${STAT}" query A must have a legendFormat`],
  [
    'a query of its own source',
    STAT,
    'targets.0.datasource.uid',
    'P1',
    `panel 2 "${STAT}" query A must have datasource.uid \${datasource}`,
  ],
  [
    'all hosts always',
    STAT,
    'targets.0.expr',
    'sum(srcroute_log_up)',
    `panel 2 "${STAT}" query A must choose job=~"$job", instance=~"$instance" in srcroute_log_up`,
  ],
  [
    'a fixed window',
    STAT,
    'targets.0.expr',
    chosen('rate', 'srcroute_events_total', '5m'),
    'query A must take rate() of srcroute_events_total over $__rate_interval',
  ],
  [
    'a counter as it stands',
    STAT,
    'targets.0.expr',
    chosen('max_over_time', 'srcroute_events_total', '5m'),
    'query A must have srcroute_events_total directly inside rate(), irate() or increase()',
  ],
  [
    'a bare increase by source',
    STAT,
    'targets.0.expr',
    chosen('increase', 'srcroute_source_events_total', '$__range'),
    'query A must not have a bare increase() of srcroute_source_events_total',
  ],
];

describe('a hand edit', () => {
  it.each(EDITS)('%s is told in a line that names the place', (_edit, panel, path, value, said) => {
    const board = readBoard('overview.json');
    set(panel === '' ? board : board.panels.find(({ title }) => title === panel), path.split('.'), value);
    const lines = lintBoard('overview.json', board);
    expect(lines.filter((line) => line.endsWith(said))).toHaveLength(1);
    for (const line of lines) expect(line).toMatch(/^dashboards\/overview\.json: [^\n]+$/);
  });

  it('half an expression is told with its place', () => {
    const board = readBoard('overview.json');
    set(
      board.panels.find(({ title }) => title === STAT),
      ['targets', '0', 'expr'],
      'sum(up{',
    );
    expect(lintBoard('overview.json', board).join('\n')).toMatch(
      /^dashboards\/overview\.json: panel 2 "Accept source routes" query A must have PromQL: Cannot parse "sum\(up\{" at ".*"$/,
    );
  });
});

function set(root: BoardJson | BoardJson['panels'][number] | undefined, path: readonly string[], value: unknown): void {
  const [last = '', ...before] = [...path].reverse();
  // biome-ignore lint/suspicious/noExplicitAny: a path through JSON
  const parent = before.reverse().reduce((at: any, key) => at[key], root);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

function chosen(operation: string, name: string, range: string): string {
  return `sum(${operation}(${name}{job=~"$job",instance=~"$instance"}[${range}]))`;
}
