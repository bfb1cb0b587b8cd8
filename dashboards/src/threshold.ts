import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { COLORS } from './state.ts';

/** Colours by value: that of the lowest, then from each value upwards. */
export interface Steps {
  readonly base: string;
  readonly from?: readonly (readonly [value: number, color: string])[];
}

/** A number that is neither good nor bad. */
export const PLAIN: Steps = { base: COLORS.neutral };

/** The first step has no value: one of 0 would leave what is below it without a colour. */
export function thresholds({ base, from = [] }: Steps): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...from.map(([value, color]) => ({ value, color }))]);
}
