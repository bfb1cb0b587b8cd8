import { BigValueColorMode, BigValueGraphMode, BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { describe } from './about.ts';
import { DATASOURCE, instantQueries, type PanelBuilder, type PanelFrame, type Query } from './panel.ts';
import { mappings, type State } from './state.ts';
import { PLAIN, type Steps, thresholds } from './threshold.ts';

/** One or a few numbers of the present, each of its own: never summed. */
export interface Stat extends PanelFrame {
  readonly queries: readonly Query[];
  /** What stands there when there is no data: what that means. */
  readonly noValue: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly steps?: Steps;
  readonly states?: readonly State[];
  /** Shows the names of the series instead of their values. */
  readonly names?: boolean;
}

/** Makes a stat panel. */
export function stat(options: Stat): PanelBuilder {
  const {
    title,
    about,
    width,
    height,
    queries,
    noValue,
    unit = 'locale',
    decimals = 0,
    steps = PLAIN,
    names,
  } = options;
  const { states = [] } = options;
  return new StatBuilder()
    .title(title)
    .description(describe(about))
    .span(width)
    .height(height)
    .datasource(DATASOURCE)
    .targets(instantQueries(queries))
    .unit(unit)
    .decimals(decimals)
    .min(0)
    .noValue(noValue)
    .mappings(mappings(states))
    .thresholds(thresholds(steps))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .textMode(names ? BigValueTextMode.Name : BigValueTextMode.Auto);
}
