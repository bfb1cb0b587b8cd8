import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { firing } from './alert-queries.ts';
import { finish } from './finish.ts';
import { boardLinks, TAG } from './links.ts';
import { DATASOURCE, type PanelBuilder } from './panel.ts';
import { COLORS } from './state.ts';
import { variables } from './variables.ts';

/** Panels under a heading, laid out from left to right. */
export interface Row {
  readonly title: string;
  readonly panels: readonly PanelBuilder[];
}

/** A board. */
export interface Board {
  /** Stays the same for ever: links and bookmarks hold it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Whether it begins with all hosts, or with one. */
  readonly allHosts: boolean;
  readonly rows: readonly Row[];
}

/** The text of the board's file. The same board always gives the same text. */
export function boardJson({ uid, title, description, allHosts, rows }: Board): string {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .readonly()
    .timezone('utc')
    .refresh('1m')
    .time({ from: 'now-6h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(variables(allHosts))
    .links(boardLinks())
    .annotation(
      new AnnotationQueryBuilder()
        .name('Alerts')
        .datasource(DATASOURCE)
        .enable(true)
        .iconColor(COLORS.bad)
        .expr(firing('severity=~"critical|warning"'))
        .titleFormat('{{alertname}}')
        .textFormat('{{instance}}')
        .step('1m'),
    );
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  return `${JSON.stringify(finish(builder.build()), null, 2)}\n`;
}
