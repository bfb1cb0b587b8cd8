import { effectiveValue } from './effective.ts';
import { complies, type Family } from './policy.ts';
import type { RuleReadings } from './read-tree.ts';

/** One value of one sysctl and what the policy says of it; `interface` is a label, or `all` or `default`. */
export interface SysctlRow {
  family: Family;
  interface: string;
  sysctl: string;
  value: number;
  compliant: boolean;
}

/** How many interfaces of one family (`all` and `default` are none) have one verdict of one rule. */
export interface InterfaceCount {
  family: Family;
  sysctl: string;
  /** `runtime` is the interface's own value, `effective` the one the kernel acts on. */
  scope: 'runtime' | 'effective';
  verdict: 'compliant' | 'violating' | 'unreadable';
  count: number;
}

/** All that one rule says about one tree, before a choice of rows is made. */
export interface Judgement {
  values: SysctlRow[];
  effective: SysctlRow[];
  counts: InterfaceCount[];
}

/**
 * Takes what one rule found, returns its rows and its six counts. Rows are in the order `all`, `default`, interfaces as
 * given; what is unreadable has no row and is counted, and every count is there, at 0 too. Pure; throws nothing.
 */
export function judge({ rule, all, default: byDefault, interfaces }: RuleReadings): Judgement {
  const { family, sysctl, expect, combine } = rule;
  const row = (label: string, value: number | undefined): SysctlRow[] =>
    value === undefined ? [] : [{ family, interface: label, sysctl, value, compliant: complies(value, expect) }];

  const own = interfaces.flatMap(({ label, value }) => row(label, value));
  const effective = interfaces.flatMap(({ label, value }) => row(label, effectiveValue(combine, all, value)));

  const count = (scope: InterfaceCount['scope'], rows: readonly SysctlRow[]): InterfaceCount[] => {
    const compliant = rows.filter((each) => each.compliant).length;
    return [
      { family, sysctl, scope, verdict: 'compliant', count: compliant },
      { family, sysctl, scope, verdict: 'violating', count: rows.length - compliant },
      { family, sysctl, scope, verdict: 'unreadable', count: interfaces.length - rows.length },
    ];
  };
  return {
    values: [...row('all', all), ...row('default', byDefault), ...own],
    effective,
    counts: [...count('runtime', own), ...count('effective', effective)],
  };
}
