import type { PanelJson, TargetJson } from './board-file.ts';
import { lintExpression } from './lint-expression.ts';

/** Units in use, each known to Grafana (getValueFormat of @grafana/data 13.2.3). `eps` is not among them: events are counts. */
const UNITS = new Set(['short', 'locale', 'cps', 's', 'bytes', 'percentunit', 'dateTimeFromNow']);

/** Transformations in use, each known to Grafana (standardTransformers of @grafana/data 13.2.3). */
const TRANSFORMATIONS = new Set(['merge', 'filterFieldsByName', 'organize']);

const PANEL_TYPES = new Set(['stat', 'timeseries', 'state-timeline', 'table', 'text']);
const COLUMNS = 24;
const LONGEST_TITLE = 32;

/** What must hold of a panel that is no row. */
const PANEL_RULES: readonly (readonly [must: string, holds: (panel: PanelJson) => boolean])[] = [
  ['a type that is in use here', ({ type }) => PANEL_TYPES.has(type)],
  ['a title of at most 32 letters', ({ title = '' }) => title !== '' && title.length <= LONGEST_TITLE],
  ['a description: what it means, what not, what next', ({ description = '' }) => isDescription(description)],
  [`datasource.uid \${datasource}`, ({ type, datasource }) => type === 'text' || isOurs(datasource)],
  ['a unit or mappings', (panel) => panel.type === 'text' || hasUnit(panel)],
  ['units that Grafana knows', (panel) => unitsOf(panel).every((unit) => UNITS.has(unit))],
  ['a text for no data', ({ type, fieldConfig }) => type === 'text' || fieldConfig?.defaults.noValue !== undefined],
  ['min: 0', ({ type, fieldConfig }) => ['text', 'state-timeline'].includes(type) || fieldConfig?.defaults.min === 0],
  ['thresholds that begin with null', (panel) => thresholdsOf(panel).every((steps) => steps[0]?.value === null)],
  [
    'calcs ["lastNotNull"]',
    ({ type, options }) => type !== 'stat' || isList(options?.reduceOptions?.calcs, 'lastNotNull'),
  ],
  [
    'a legend table with lastNotNull and max',
    ({ type, options }) => type !== 'timeseries' || isLegend(options?.legend),
  ],
  [
    'transformations that Grafana knows',
    ({ transformations = [] }) => transformations.every(({ id }) => TRANSFORMATIONS.has(id)),
  ],
  ['only columns that it shows in overrides and order', (panel) => columnsAreShown(panel)],
  ['at least one query', ({ type, targets = [] }) => type === 'text' || targets.length > 0],
  ['queries A, B, C in order', ({ targets = [] }) => targets.every(({ refId }, index) => refId === 'ABCDEFGH'[index])],
  ['a place within 24 columns', ({ gridPos: { x, w, h } }) => x >= 0 && w >= 3 && h >= 3 && x + w <= COLUMNS],
];

/** What must hold of a query of a panel. */
const TARGET_RULES: readonly (readonly [must: string, holds: (target: TargetJson, panel: PanelJson) => boolean])[] = [
  [`datasource.uid \${datasource}`, ({ datasource }) => isOurs(datasource)],
  ['an expression', ({ expr }) => expr !== undefined && expr !== ''],
  ['either instant or range', ({ instant, range }) => instant === !range],
  [
    'instant and format table',
    ({ instant, format }, { type }) => type !== 'table' || (instant === true && format === 'table'),
  ],
  ['a range', ({ range }, { type }) => !['timeseries', 'state-timeline'].includes(type) || range === true],
  ['a legendFormat', ({ legendFormat }, { type }) => type === 'table' || (legendFormat ?? '') !== ''],
];

/** What is wrong with a panel that is no row, a few words each. */
export function lintPanel(panel: PanelJson): string[] {
  return [
    ...brokenRules(PANEL_RULES, (holds) => holds(panel)).map((must) => `must have ${must}`),
    ...(panel.targets ?? []).flatMap((target) => [
      ...brokenRules(TARGET_RULES, (holds) => holds(target, panel)).map(
        (must) => `query ${target.refId} must have ${must}`,
      ),
      ...lintExpression(target.expr ?? '').map((problem) => `query ${target.refId} ${problem}`),
    ]),
  ];
}

/** What must be and is not. Takes rules and what asks one. */
export function brokenRules<H>(
  rules: readonly (readonly [must: string, holds: H])[],
  ask: (holds: H) => boolean,
): string[] {
  return rules.filter(([, holds]) => !ask(holds)).map(([must]) => must);
}

/** Whether the data source is the one that is chosen at the top of the board. */
export function isOurs(datasource: { uid?: string } | undefined): boolean {
  return datasource?.uid === `\${datasource}`;
}

function isDescription(text: string): boolean {
  return /^[\s\S]{20,}\n\n\*\*Not:\*\* [\s\S]{10,}\n\n\*\*Next:\*\* [\s\S]{10,}$/.test(text);
}

function isList(list: readonly string[] | undefined, ...wanted: string[]): boolean {
  return list?.join() === wanted.join();
}

function isLegend(legend: { calcs: string[]; displayMode: string } | undefined): boolean {
  return legend?.displayMode === 'table' && isList(legend.calcs, 'lastNotNull', 'max');
}

function properties(panel: PanelJson, id: string): unknown[] {
  return (panel.fieldConfig?.overrides ?? []).flatMap((override) =>
    override.properties.filter((property) => property.id === id).map(({ value }) => value),
  );
}

function unitsOf(panel: PanelJson): string[] {
  const unit = panel.fieldConfig?.defaults.unit;
  return [...(unit === undefined ? [] : [unit]), ...(properties(panel, 'unit') as string[])];
}

function hasUnit(panel: PanelJson): boolean {
  return unitsOf(panel).length > 0 || (panel.fieldConfig?.defaults.mappings ?? []).length > 0;
}

function thresholdsOf(panel: PanelJson): { value: number | null }[][] {
  const own = panel.fieldConfig?.defaults.thresholds;
  const all = [...(own === undefined ? [] : [own]), ...properties(panel, 'thresholds')] as {
    steps: { value: number | null }[];
  }[];
  return all.map(({ steps }) => steps);
}

/** An override or an order by a column that is not there does nothing, and nobody is told. */
function columnsAreShown({ type, transformations = [], fieldConfig, options, targets = [] }: PanelJson): boolean {
  if (type !== 'table') return true;
  const option = (id: string) =>
    transformations.find((each) => each.id === id)?.options as Record<string, never> | undefined;
  const { names = [] } = (option('filterFieldsByName')?.include ?? {}) as { names?: string[] };
  const renamed = Object.values((option('organize')?.renameByName ?? {}) as Record<string, string>);
  const values = targets.length === 1 ? ['Value'] : targets.map(({ refId }) => `Value #${refId}`);
  return (
    names.filter((name) => name.startsWith('Value')).every((name) => values.includes(name)) &&
    (fieldConfig?.overrides ?? []).every(({ matcher }) => renamed.includes(matcher.options)) &&
    (options?.sortBy ?? []).every(({ displayName }) => renamed.includes(displayName))
  );
}
