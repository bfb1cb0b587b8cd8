import { toHost } from './links.ts';
import { COLORS, type State } from './state.ts';
import type { Column } from './table.ts';

/** Whether an address was seen in the hour before the range. */
export const NEW_STATES: readonly State[] = [
  { value: 0, text: 'seen before', color: COLORS.neutral },
  { value: 1, text: 'new', color: COLORS.warn },
];

/** A column that leads to the board of its host. The table needs a column «Job» too. */
export const HOST_COLUMN: Column = {
  field: 'instance',
  title: 'Instance',
  link: toHost(`\${__data.fields.Job}`, `\${__value.text}`),
};

export const JOB_COLUMN: Column = { field: 'job', title: 'Job', width: 120 };
