import type { SysctlFamily } from '../posture/policy/policy.ts';
import type { PersistedRow, Posture, SysctlRow } from '../posture/runtime/runtime.ts';

/** One sysctl of one interface in all three scopes; undefined where there is no value, or none that can be told. */
export interface CheckRow {
  readonly family: SysctlFamily;
  readonly sysctl: string;
  /** The empty text for a sysctl that there is one of. */
  readonly interface: string;
  readonly runtime: SysctlRow | undefined;
  readonly effective: SysctlRow | undefined;
  readonly persisted: PersistedRow | undefined;
}

/** Brings the rows of a posture together, one for each sysctl of each interface, in the order of the posture. Pure. */
export function checkRows({ values, effective, persisted }: Posture): CheckRow[] {
  const rows = new Map<string, { -readonly [Key in keyof CheckRow]: CheckRow[Key] }>();
  const rowOf = ({ family, sysctl, interface: name }: SysctlRow) => {
    const key = `${family} ${sysctl} ${name}`;
    const row = rows.get(key) ?? {
      ...{ family, sysctl, interface: name },
      ...{ runtime: undefined, effective: undefined, persisted: undefined },
    };
    rows.set(key, row);
    return row;
  };
  for (const value of values) rowOf(value).runtime = value;
  for (const value of effective) rowOf(value).effective = value;
  for (const value of persisted) rowOf(value).persisted = value;
  return [...rows.values()];
}

/** Whether the policy forbids a value of the row, in any scope. */
export function fallsShort({ runtime, effective, persisted }: CheckRow): boolean {
  return [runtime, effective, persisted].some((value) => value?.compliant === false);
}

/** Whether a boot would change the value as it stands. */
export function drifts({ runtime, persisted }: CheckRow): boolean {
  return runtime !== undefined && persisted !== undefined && runtime.value !== persisted.value;
}
