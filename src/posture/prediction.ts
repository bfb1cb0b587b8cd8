import type { SysctlRule } from './policy/policy.ts';
import type { SysctlRow } from './runtime/sysctl-row.ts';

/** Why a sysctl will have the value it has after a boot: a line for it alone, a line with a pattern, that of `default`, or no line at all. */
export type PersistedOrigin = 'explicit' | 'glob' | 'inherited' | 'kernel_default';

/** What a boot would make of one sysctl. */
export interface Prediction {
  /** Undefined when no line decides and the kernel's own default is not known. */
  value: number | undefined;
  origin: PersistedOrigin;
  /** The deciding file as the host names it; empty when no line decides. */
  file: string;
  /** The deciding line, from 1; undefined when no line decides. */
  line: number | undefined;
}

/**
 * Predicts one sysctl. Takes the rule that names it and the entries of its `conf` directory as bytes: `all`, `default`,
 * then interfaces; none for a sysctl that there is one of. Returns a prediction for each in that order, or the one.
 */
export type Predict = (rule: SysctlRule, names: readonly Buffer[]) => readonly Prediction[];

/** What one sysctl will be after a boot, and the line that decides it. */
export interface PersistedRow extends SysctlRow {
  origin: PersistedOrigin;
  file: string;
  line: number | undefined;
}
