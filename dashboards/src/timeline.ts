import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as TimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { describe } from './about.ts';
import type { Link } from './links.ts';
import { DATASOURCE, type PanelBuilder, type PanelFrame, type Query, rangeQueries } from './panel.ts';
import { mappings, type State } from './state.ts';
import { PLAIN, thresholds } from './threshold.ts';

/** States over time, one row a series. A gap is a time of which nothing is known. */
export interface Timeline extends PanelFrame {
  readonly queries: readonly Query[];
  readonly states: readonly State[];
  readonly noValue: string;
  /** Where a row leads, with `${__field.labels.…}`. */
  readonly link?: Link;
}

/** Makes a state timeline. */
export function timeline({ title, about, width, height, queries, states, noValue, link }: Timeline): PanelBuilder {
  return new TimelineBuilder()
    .title(title)
    .description(describe(about))
    .span(width)
    .height(height)
    .datasource(DATASOURCE)
    .targets(rangeQueries(queries))
    .mappings(mappings(states))
    .thresholds(thresholds(PLAIN))
    .noValue(noValue)
    .overrideByRegexp('.*', link === undefined ? [] : [{ id: 'links', value: [link] }])
    .showValue(VisibilityMode.Never)
    .fillOpacity(80)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    );
}
