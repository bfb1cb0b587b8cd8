import type { Family, InterfaceRule } from '../policy/policy.ts';
import type { SysctlRow } from './sysctl-row.ts';

/** How many interfaces of one family (`all` and `default` are none) have one verdict of one rule. */
export interface InterfaceCount {
  family: Family;
  sysctl: string;
  /** `runtime` is the interface's own value, `effective` the one the kernel acts on, `persisted` that after a boot. */
  scope: 'runtime' | 'effective' | 'persisted';
  verdict: 'compliant' | 'violating' | 'unreadable';
  count: number;
}

/**
 * Takes how many interfaces a rule was asked about and the rows of those that have a value, returns one count for each
 * verdict, at 0 too; none for a rule that expects nothing. Pure; throws nothing.
 */
export function countVerdicts(
  { family, sysctl, expect }: InterfaceRule,
  scope: InterfaceCount['scope'],
  interfaces: number,
  rows: readonly SysctlRow[],
): InterfaceCount[] {
  if (expect === undefined) return [];
  const compliant = rows.filter((each) => each.compliant).length;
  return [
    { family, sysctl, scope, verdict: 'compliant', count: compliant },
    { family, sysctl, scope, verdict: 'violating', count: rows.length - compliant },
    { family, sysctl, scope, verdict: 'unreadable', count: interfaces - rows.length },
  ];
}
