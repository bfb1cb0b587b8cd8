import { effectiveValue } from './effective.ts';
import { countVerdicts, type InterfaceCount } from './interface-count.ts';
import type { RuleReadings } from './read-tree.ts';
import { type SysctlRow, sysctlRow } from './sysctl-row.ts';

/** All that one rule says about one tree, before a choice of rows is made. */
export interface Judgement {
  values: SysctlRow[];
  effective: SysctlRow[];
  counts: InterfaceCount[];
}

/**
 * Takes what one rule found, returns its rows and its counts. Rows are in the order `all`, `default`, interfaces as
 * given; what is unreadable has no row and is counted. Pure; throws nothing.
 */
export function judge({ rule, all, default: byDefault, interfaces }: RuleReadings): Judgement {
  const own = interfaces.flatMap(({ label, value }) => sysctlRow(rule, label, value));
  const effective = interfaces.flatMap(({ label, value, forwarding }) =>
    sysctlRow(rule, label, effectiveValue(rule.combine, all, value, forwarding)),
  );
  return {
    values: [...sysctlRow(rule, 'all', all), ...sysctlRow(rule, 'default', byDefault), ...own],
    effective,
    counts: [
      ...countVerdicts(rule, 'runtime', interfaces.length, own),
      ...countVerdicts(rule, 'effective', interfaces.length, effective),
    ],
  };
}
