import { TableCellDisplayMode, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { describe } from './about.ts';
import type { Link } from './links.ts';
import { DATASOURCE, type PanelBuilder, type PanelFrame, tableQueries } from './panel.ts';
import { mappings, type State } from './state.ts';
import { PLAIN, type Steps, thresholds } from './threshold.ts';

const EMPTY_CELL = '–';

/** One column. */
export interface Column {
  /** A label, or `Value #A` for the value of the first of several queries; `Value` where there is one query. */
  readonly field: string;
  readonly title: string;
  readonly unit?: string;
  /** In pixels. */
  readonly width?: number;
  /** Coloured words instead of numbers. */
  readonly states?: readonly State[];
  /** Colours the number. */
  readonly steps?: Steps;
  readonly link?: Link;
}

/** Rows of the present moment. Queries are joined where their labels agree, so each must drop the name of its metric. */
export interface Table extends PanelFrame {
  readonly queries: readonly string[];
  readonly columns: readonly Column[];
  /** Title of the column that the rows are ordered by, the largest first. */
  readonly sortBy: string;
  /** The smallest, or the first of the alphabet, first. */
  readonly ascending?: boolean;
  readonly noValue: string;
}

/** Makes a table panel. What is no column is left out. */
export function table(options: Table): PanelBuilder {
  const { title, about, width, height, queries, columns, sortBy, ascending = false, noValue } = options;
  const builder = new TableBuilder()
    .title(title)
    .description(describe(about))
    .span(width)
    .height(height)
    .datasource(DATASOURCE)
    .targets(tableQueries(queries))
    .transformations(transformations(queries.length, columns))
    .unit('locale')
    .decimals(0)
    .min(0)
    .noValue(noValue)
    .thresholds(thresholds(PLAIN))
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(!ascending)]);
  for (const column of columns) {
    builder.overrideByName(column.title, overrides(column));
  }
  return builder;
}

function transformations(queries: number, columns: readonly Column[]): DataTransformerConfig[] {
  const fields = columns.map(({ field }) => field);
  return [
    ...(queries > 1 ? [{ id: 'merge', options: {} }] : []),
    { id: 'filterFieldsByName', options: { include: { names: fields } } },
    {
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(fields.map((field, index) => [field, index])),
        renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])),
      },
    },
  ];
}

function overrides({ field, unit, width, states, steps, link }: Column): DynamicConfigValue[] {
  const colored = states !== undefined || steps !== undefined;
  return [
    // The panel's own says why there are no rows, and would stand in every empty cell.
    { id: 'noValue', value: EMPTY_CELL },
    // Only words are looked for; on a number the icon would take the room of the title.
    ...(field.startsWith('Value') ? [] : [{ id: 'custom.filterable', value: true }]),
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ...(states === undefined ? [] : [{ id: 'mappings', value: mappings(states) }]),
    ...(steps === undefined ? [] : [{ id: 'thresholds', value: thresholds(steps).build() }]),
    ...(colored ? [{ id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } }] : []),
    ...(link === undefined ? [] : [{ id: 'links', value: [link] }]),
  ];
}
