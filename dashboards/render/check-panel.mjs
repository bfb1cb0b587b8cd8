const SCALES = { K: 1e3, Mil: 1e6, Bil: 1e9 };

/**
 * What Grafana's code shows of a panel, and what it does not understand. Takes @grafana/data, the panel, its frames and the theme. Gives
 * the texts of its values by the name of the field, and the problems, a few words each.
 */
export function checkPanel(grafana, panel, frames, theme) {
  const fields = frames.flatMap((frame) => frame.fields.map((field) => ({ field, frame })));
  const values = fields.filter(({ field }) => field.type !== grafana.FieldType.time);
  const shown = values.map(({ field, frame }) => ({
    name: grafana.getFieldDisplayName(field, frame, frames),
    // Of a line its end, of a table its columns.
    texts: (panel.type === 'table' ? field.values : field.values.slice(-1)).map((value) => displayed(field, value)),
  }));
  return {
    shown,
    problems: [
      ...unknownUnits(grafana, panel),
      ...unknownColors(panel, theme),
      ...values.flatMap(({ field }) => [...unmapped(field), ...coarse(field)]),
      ...shown.flatMap((column) => wrongBlanks(panel, column)),
      ...missingColumns(panel, shown),
      ...shown.filter(({ name }) => /\{\{|^Value\b/.test(name)).map(({ name }) => `shows a field as "${name}"`),
    ],
  };
}

function displayed(field, value) {
  const { text, prefix = '', suffix = '', color } = field.display(value);
  return { text: `${prefix}${text}${suffix}`, color };
}

function unknownUnits(grafana, { fieldConfig }) {
  const known = new Set(grafana.getValueFormats().flatMap(({ submenu }) => submenu.map(({ value }) => value)));
  const units = everySetting(fieldConfig, 'unit');
  return units.filter((unit) => !known.has(unit)).map((unit) => `has the unit "${unit}"`);
}

function unknownColors({ fieldConfig }, theme) {
  const colors = [
    ...everySetting(fieldConfig, 'thresholds').flatMap(({ steps }) => steps.map(({ color }) => color)),
    ...everySetting(fieldConfig, 'mappings').flatMap((mappings) =>
      mappings.flatMap(({ options }) => Object.values(options).map(({ color }) => color)),
    ),
  ];
  const resolved = (color) => theme.visualization.getColorByName(color);
  return colors.filter((color) => !/^(#|rgb)/.test(resolved(color))).map((color) => `has the colour "${color}"`);
}

/** Where a field has states for its values, a bare number is a state that nobody named. */
function unmapped(field) {
  const mappings = field.config.mappings ?? [];
  if (mappings.length === 0) return [];
  const texts = new Set(mappings.flatMap(({ options }) => Object.values(options).map(({ text }) => text)));
  const values = [...new Set(field.values)].filter((value) => value !== null && value !== undefined);
  return values.filter((value) => !texts.has(field.display(value).text)).map((value) => `has no state for ${value}`);
}

/** A text for a panel without data stands in each empty cell, too, unless the column has one of its own. */
function wrongBlanks({ type, fieldConfig: { defaults } }, { name, texts }) {
  const isBlank = type === 'table' && texts.some(({ text }) => text === defaults.noValue);
  return isBlank ? [`says "${defaults.noValue}" in a cell of "${name}"`] : [];
}

/** Counts are read as they are: "1 K" may be 1,499. */
function coarse(field) {
  const told = field.values.map((value) => ({ value, text: displayed(field, value).text }));
  const wrong = told.find(({ value, text }) => {
    const [, digits, scale] = /^([\d.]+) ?(K|Mil|Bil)$/.exec(text) ?? [];
    return digits !== undefined && Math.abs(Number(digits) * SCALES[scale] - value) > value / 100;
  });
  return wrong === undefined ? [] : [`shows ${wrong.value} as "${wrong.text}"`];
}

function missingColumns({ type, transformations = [], fieldConfig, options }, shown) {
  if (type !== 'table' || shown.length === 0) return [];
  const names = new Set(shown.map(({ name }) => name));
  const wanted = [
    ...transformations.flatMap(({ options: { renameByName = {} } }) => Object.values(renameByName)),
    ...fieldConfig.overrides.map(({ matcher }) => matcher.options),
    ...options.sortBy.map(({ displayName }) => displayName),
  ];
  return [...new Set(wanted)].filter((name) => !names.has(name)).map((name) => `has no column "${name}"`);
}

function everySetting({ defaults = {}, overrides = [] } = {}, id) {
  const all = [
    defaults[id],
    ...overrides.flatMap(({ properties }) => properties.filter((p) => p.id === id).map((p) => p.value)),
  ];
  return all.filter((value) => value !== undefined);
}
