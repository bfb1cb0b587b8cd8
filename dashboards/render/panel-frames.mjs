/** What a panel has where its fields say nothing, by type: from the panel plugins of Grafana. */
const DEFAULT_COLOR = { timeseries: 'palette-classic' };

/**
 * The data of a panel as Grafana's code makes it: frames from the answers of Prometheus, the panel's transformations, and its field
 * configuration. Takes @grafana/data with its registries filled, the panel, its answers by letter, and the theme. Resolves to frames whose
 * fields have `display`.
 */
export async function panelFrames(grafana, panel, answers, theme) {
  const { targets = [], transformations = [], fieldConfig } = panel;
  const frames = targets.flatMap((target) => toFrames(grafana, target, answers[target.refId], targets.length > 1));
  const transformed = await new Promise((resolve, reject) => {
    grafana.transformDataFrame(transformations, frames).subscribe({ next: resolve, error: reject });
  });
  const shown = grafana.applyFieldOverrides({
    data: transformed,
    fieldConfig: withDefaults(panel.type, fieldConfig),
    replaceVariables: (text) => text,
    timeZone: 'utc',
    theme,
  });
  grafana.cacheFieldDisplayNames(shown);
  return shown;
}

/** One answer as the Prometheus data source of Grafana hands it on: a table, or a frame for each series. */
function toFrames(grafana, { refId, format, legendFormat }, result, isOneOfMany) {
  const { FieldType, toDataFrame } = grafana;
  const seconds = (pairs) => pairs.map(([second]) => second * 1000);
  const numbers = (pairs) => pairs.map(([, value]) => Number(value));
  if (format === 'table') {
    const labels = [...new Set(result.flatMap(({ metric }) => Object.keys(metric)))].sort();
    const pairs = result.map(({ value }) => value);
    const columns = labels.map((label) => ({
      name: label,
      type: FieldType.string,
      values: result.map(({ metric }) => metric[label] ?? ''),
    }));
    const value = { name: isOneOfMany ? `Value #${refId}` : 'Value', type: FieldType.number, values: numbers(pairs) };
    return [
      toDataFrame({
        refId,
        fields: [{ name: 'Time', type: FieldType.time, values: seconds(pairs) }, ...columns, value],
      }),
    ];
  }
  return result.map(({ metric, value, values = [value] }) =>
    toDataFrame({
      refId,
      fields: [
        { name: 'Time', type: FieldType.time, values: seconds(values) },
        {
          name: 'Value',
          type: FieldType.number,
          values: numbers(values),
          labels: metric,
          config: {
            displayNameFromDS: legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => metric[label] ?? ''),
          },
        },
      ],
    }),
  );
}

function withDefaults(type, { defaults = {}, overrides = [] } = {}) {
  return { defaults: { color: { mode: DEFAULT_COLOR[type] ?? 'thresholds' }, ...defaults }, overrides };
}
