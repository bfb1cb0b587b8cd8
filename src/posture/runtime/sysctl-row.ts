import { complies, type SysctlFamily, type SysctlRule } from '../policy/policy.ts';

/** One value of one sysctl and what the policy says of it. */
export interface SysctlRow {
  family: SysctlFamily;
  /** A label, or `all` or `default`; the empty text for a sysctl that there is one of. */
  interface: string;
  sysctl: string;
  value: number;
  /** Undefined where the policy expects nothing. */
  compliant: boolean | undefined;
}

/** The row of a value, or none if there is no value. Pure; throws nothing. */
export function sysctlRow(rule: SysctlRule, label: string, value: number | undefined): SysctlRow[] {
  if (value === undefined) return [];
  const { family, sysctl, expect } = rule;
  return [
    { family, interface: label, sysctl, value, compliant: expect === undefined ? undefined : complies(value, expect) },
  ];
}
