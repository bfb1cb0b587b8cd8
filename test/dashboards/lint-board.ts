import { type BoardJson, type PanelJson, panelName } from './board-file.ts';
import { brokenRules, isOurs, lintPanel } from './lint-panel.ts';

/** What must hold of a board as a whole, each as what is said where it does not. */
const BOARD_RULES: readonly (readonly [must: string, holds: (board: BoardJson) => boolean])[] = [
  ['a stable uid', ({ uid }) => /^srcroute-[a-z]+$/.test(uid ?? '')],
  ['no id, version or __inputs', (board) => ['id', 'version', '__inputs'].every((key) => !(key in board))],
  ['editable: false', ({ editable }) => editable === false],
  ['the tag srcroute', ({ tags }) => tags?.includes('srcroute') === true],
  ['timezone utc', ({ timezone }) => timezone === 'utc'],
  ['refresh 1m', ({ refresh }) => refresh === '1m'],
  ['a range of 6 hours', ({ time }) => time?.from === 'now-6h' && time.to === 'now'],
  ['a shared crosshair', ({ graphTooltip }) => graphTooltip === 1],
  ['schemaVersion 39', ({ schemaVersion }) => schemaVersion === 39],
  ['a menu of the boards by tag', ({ links }) => links.some(isBoardMenu)],
  [
    'a link to the runbooks',
    ({ links }) => links.some(({ type, url }) => type === 'link' && /\/runbooks/.test(url ?? '')),
  ],
  ['no link hidden in a menu', ({ links }) => links.every(({ placement }) => placement === undefined)],
  [
    'an annotation of alerts, enabled and visible',
    ({ annotations }) =>
      annotations.list.some(
        ({ expr, enable, placement, datasource }) =>
          expr?.startsWith('ALERTS{') && enable && placement === undefined && isOurs(datasource),
      ),
  ],
  ['a variable datasource with the label "Data source"', ({ templating }) => templating.list.some(isDatasource)],
  ['a variable job as the linter of Grafana wants it', (board) => isChoice(board, 'job', 'Job')],
  ['a variable instance as the linter of Grafana wants it', (board) => isChoice(board, 'instance', 'Instance')],
  ['panels that begin with a row', ({ panels }) => panels[0]?.type === 'row'],
];

/**
 * The linter of dashboards, as far as it goes for Grafana's own (lint/rules.go of grafana/dashboard-linter) and for ours. Takes the
 * name of the file and the board; gives what is wrong, one line each, naming board and panel.
 */
export function lintBoard(file: string, board: BoardJson): string[] {
  const place = `dashboards/${file}`;
  const panels = board.panels.filter(({ type }) => type !== 'row');
  return [
    ...brokenRules(BOARD_RULES, (holds) => holds(board)).map((must) => `${place}: must have ${must}`),
    ...idProblems(board.panels).map((problem) => `${place}: ${problem}`),
    ...overlaps(board.panels).map((problem) => `${place}: ${problem}`),
    ...panels.flatMap((panel) => lintPanel(panel).map((problem) => `${place}: ${panelName(panel)} ${problem}`)),
  ];
}

function idProblems(panels: readonly PanelJson[]): string[] {
  const seen = new Set<number>();
  return panels.flatMap((panel) => {
    const { id = 0 } = panel;
    const problem = id < 1 || seen.has(id) ? [`${panelName(panel)} must have an id of its own, from 1`] : [];
    seen.add(id);
    return problem;
  });
}

function overlaps(panels: readonly PanelJson[]): string[] {
  return panels.flatMap((panel, index) =>
    panels
      .slice(0, index)
      .filter((other) => overlap(panel.gridPos, other.gridPos))
      .map((other) => `${panelName(panel)} lies over ${panelName(other)}`),
  );
}

function overlap(a: PanelJson['gridPos'], b: PanelJson['gridPos']): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function isBoardMenu({ type, tags, asDropdown }: BoardJson['links'][number]): boolean {
  return type === 'dashboards' && asDropdown && tags.includes('srcroute');
}

function isDatasource({ name, type, label, query }: BoardJson['templating']['list'][number]): boolean {
  return name === 'datasource' && type === 'datasource' && label === 'Data source' && query === 'prometheus';
}

function isChoice({ templating }: BoardJson, name: string, label: string): boolean {
  const variable = templating.list.find((each) => each.name === name);
  return (
    variable?.type === 'query' &&
    variable.label === label &&
    isOurs(variable.datasource) &&
    typeof variable.query === 'string' &&
    variable.multi === true &&
    variable.allValue === '.+' &&
    variable.refresh === 2
  );
}
