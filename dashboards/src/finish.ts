import { defaultReduceDataOptions } from '@grafana/grafana-foundation-sdk/common';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';

/** The builders write a newer one. Whoever has a newer Grafana loses nothing: it brings a board up to date when it loads it. */
const SCHEMA_VERSION = 39;

/** Puts right what the builders leave: it takes a board from them and gives one that is whole. */
export function finish(board: Dashboard): Dashboard {
  const { templating, annotations, links = [], panels = [], ...rest } = board;
  return {
    ...rest,
    schemaVersion: SCHEMA_VERSION,
    templating: {
      list: (templating.list ?? []).map((variable) => without(variable, 'auto', 'auto_min', 'auto_count')),
    },
    // By default both would hide in a menu.
    annotations: { list: (annotations.list ?? []).map((annotation) => without(annotation, 'placement')) },
    links: links.map((link) => without(link, 'placement')),
    panels: panels.map((panel, index) => ({ id: index + 1, ...without(withCalcs(panel), 'id', 'repeatDirection') })),
  };
}

/** A stat without a reduction shows whatever comes last, also nothing. */
function withCalcs<P extends Panel | RowPanel>(panel: P): P {
  if (panel.type !== 'stat') return panel;
  const reduceOptions = { ...defaultReduceDataOptions(), calcs: ['lastNotNull'] };
  return { ...panel, options: { ...('options' in panel ? panel.options : {}), reduceOptions } };
}

function without<T extends object>(value: T, ...keys: string[]): T {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))) as T;
}
