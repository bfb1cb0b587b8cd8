/**
 * A row of a table.
 * @typedef {object} Row
 * @property {string} what
 * @property {number} value
 * @property {string} unit
 * @property {number} [bound] the value that was promised
 * @property {boolean} missed
 * @property {number} [peer] what the peer took or reached in the same run, in the same unit
 */

/**
 * @typedef {object} Result
 * @property {string} title
 * @property {string} [peer] what the peer is
 * @property {Row[]} rows
 */

/**
 * Makes a row.
 * @param {string} what
 * @param {number} value
 * @param {string} unit
 * @param {{ atMost?: number | undefined, peer?: number | undefined }} [beside]
 * @returns {Row}
 */
export function row(what, value, unit, { atMost, peer } = {}) {
  return { what, value, unit, bound: atMost, missed: atMost !== undefined && value > atMost, peer };
}

/**
 * The table as text: its title, then a line a row in aligned columns.
 * @param {Result} result
 */
export function table({ title, peer, rows }) {
  const head = ['', 'figure', '', 'bound', 'peer', 'ratio', ''];
  const cells = rows.map((row) => [
    row.what,
    figure(row.value),
    row.unit,
    row.bound === undefined ? '' : `<= ${row.bound}`,
    row.peer === undefined ? '' : figure(row.peer),
    row.peer ? figure(row.value / row.peer) : '',
    row.missed ? 'MISSED' : '',
  ]);
  const isLeft = [true, false, true, false, false, false, true];
  const columns = head.map((_, column) => column).filter((column) => cells.some((line) => line[column] !== ''));
  const width = head.map((text, column) => Math.max(text.length, ...cells.map((line) => line[column]?.length ?? 0)));
  const lines = [head, ...cells].map((line) =>
    columns
      .map((column) =>
        isLeft[column] ? line[column]?.padEnd(width[column] ?? 0) : line[column]?.padStart(width[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return [peer === undefined ? title : `${title}; peer: ${peer}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Three digits that mean something; counts whole. @param {number} value */
function figure(value) {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return Number(value.toPrecision(3)).toString();
}
