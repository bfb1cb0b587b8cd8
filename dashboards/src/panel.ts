import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import type { About } from './about.ts';

/** A panel that can be put on a board. */
export type PanelBuilder = Builder<Panel>;

/** What every panel has. */
export interface PanelFrame {
  readonly title: string;
  readonly about: About;
  /** Of the 24 columns of a board. */
  readonly width: number;
  /** In rows of the board's grid, of 30 pixels each. */
  readonly height: number;
}

/** One query that gives named series. */
export interface Query {
  readonly expr: string;
  /** `{{label}}` stands for the value of a label. */
  readonly legend: string;
}

/** Where every panel gets its data. */
export const DATASOURCE = { type: 'prometheus', uid: `\${datasource}` };

/** Queries over the range of the board. */
export function rangeQueries(queries: readonly Query[]): DataqueryBuilder[] {
  return queries.map(({ expr, legend }, index) => base(expr, index).legendFormat(legend).range());
}

/** Queries of the present moment: what is counted over the range says so itself. */
export function instantQueries(queries: readonly Query[]): DataqueryBuilder[] {
  return queries.map(({ expr, legend }, index) => base(expr, index).legendFormat(legend).instant());
}

/** Queries of the present moment, one row a series. */
export function tableQueries(expressions: readonly string[]): DataqueryBuilder[] {
  return expressions.map((expr, index) => base(expr, index).instant().format(PromQueryFormat.Table));
}

function base(expr: string, index: number): DataqueryBuilder {
  return new DataqueryBuilder().datasource(DATASOURCE).expr(expr).refId(refId(index));
}

/** A, B, C: the name of the query at a place. */
export function refId(index: number): string {
  return String.fromCharCode(65 + index);
}
