import type { SysctlRule } from './policy/policy.ts';
import type { PersistedRow, Predict, Prediction } from './prediction.ts';
import { countVerdicts, type InterfaceCount } from './runtime/interface-count.ts';
import type { RuleReadings } from './runtime/read-tree.ts';
import { sysctlRow } from './runtime/sysctl-row.ts';

const COMMON = ['all', 'default'];

/**
 * Asks what a boot will make of one rule, for `all`, `default` and the interfaces that were found, and judges it. What
 * cannot be told has no row and is counted as unreadable. Throws what `predict` throws.
 */
export function judgePersisted(
  predict: Predict,
  { rule, interfaces }: RuleReadings,
): { rows: PersistedRow[]; counts: InterfaceCount[] } {
  const names = [...COMMON.map((name) => Buffer.from(name)), ...interfaces.map(({ name }) => name)];
  const labels = [...COMMON, ...interfaces.map(({ label }) => label)];
  const predictions = predict(rule, names);
  const rows = labels.flatMap((label, index) => persistedRow(rule, label, predictions[index]));
  const own = rows.filter((row) => !COMMON.includes(row.interface));
  return { rows, counts: countVerdicts(rule, 'persisted', interfaces.length, own) };
}

/** The row of a prediction, or none if there is none or it cannot be told. Pure; throws nothing. */
export function persistedRow(rule: SysctlRule, label: string, prediction: Prediction | undefined): PersistedRow[] {
  if (prediction === undefined) return [];
  const { value, origin, file, line } = prediction;
  return sysctlRow(rule, label, value).map((row) => ({ ...row, origin, file, line }));
}
