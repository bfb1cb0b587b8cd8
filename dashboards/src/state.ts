import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** One value that stands for a state: what is shown instead, and in which colour. */
export interface State {
  readonly value: number;
  readonly text: string;
  readonly color: string;
}

/** What is known to be bad, known to be good, and not known: the last is never painted like the second. */
export const COLORS = {
  good: 'green',
  neutral: 'blue',
  warn: 'orange',
  bad: 'red',
  unknown: 'purple',
  away: '#6e7079',
};

/** Value mappings that show states as words. */
export function mappings(states: readonly State[]): ValueMapping[] {
  if (states.length === 0) return [];
  const options = states.map(({ value, text, color }, index) => [String(value), { text, color, index }] as const);
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}
