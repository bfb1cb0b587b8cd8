import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { describe } from './about.ts';
import { DATASOURCE, type PanelBuilder, type PanelFrame, type Query, rangeQueries } from './panel.ts';

/** Lines over time. */
export interface Graph extends PanelFrame {
  readonly queries: readonly Query[];
  readonly unit: string;
  readonly noValue?: string;
}

/** Makes a time series panel. Lines are never stacked: events of several kinds do not add up. */
export function graph({ title, about, width, height, queries, unit, noValue = 'no data' }: Graph): PanelBuilder {
  return new TimeseriesBuilder()
    .title(title)
    .description(describe(about))
    .span(width)
    .height(height)
    .datasource(DATASOURCE)
    .targets(rangeQueries(queries))
    .unit(unit)
    .min(0)
    .noValue(noValue)
    .lineWidth(1)
    .fillOpacity(8)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max']),
    );
}
