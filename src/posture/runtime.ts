import { existsSync } from 'node:fs';
import { chooseInterfaces } from './choose-interfaces.ts';
import { type InterfaceCount, judge, type SysctlRow } from './judge.ts';
import type { Family, SysctlRule } from './policy.ts';
import type { PersistedOrigin } from './prediction.ts';
import { readTree } from './read-tree.ts';

export type { InterfaceCount, SysctlRow } from './judge.ts';

/** What one sysctl will be after a boot, and the line that decides it. */
export interface PersistedRow extends SysctlRow {
  origin: PersistedOrigin;
  file: string;
  line: number | undefined;
}

/** A sysctl whose value is a text. */
export interface SysctlInfo {
  family: Family | '';
  interface: string;
  sysctl: string;
  text: string;
}

/** Where to read, what to expect, and of which interfaces. */
export interface PostureOptions {
  /** Where the proc file system is mounted, such as `/proc`. */
  procfs: string;
  /** Where sysfs is mounted, such as `/sys`; it only tells physical devices. */
  sysfs: string;
  rules: readonly SysctlRule[];
  /** Only interfaces whose label matches; never applied to `all` and `default`. */
  include?: RegExp | undefined;
  /** No interface whose label matches; never applied to `all` and `default`. */
  exclude?: RegExp | undefined;
  /** How many names may have rows, `all` and `default` among them. */
  interfacesMax: number;
}

/** The sysctls of this network namespace as they are now, and what the kernel makes of them. */
export interface Posture {
  /** False when a tree that should be there could not be listed; what could be read is here all the same. */
  success: boolean;
  /** One line that names each path that failed. */
  error?: string;
  /** The written values of `all`, `default` and the chosen interfaces. */
  values: SysctlRow[];
  /** The values the kernel acts on, for the chosen interfaces only. */
  effective: SysctlRow[];
  /** What a boot would make of `all`, `default` and the chosen interfaces. */
  persisted: PersistedRow[];
  /** The sysctls that are texts. */
  infos: SysctlInfo[];
  /** Every interface counted, chosen or not. A family without a tree has none. */
  counts: InterfaceCount[];
  /** Files, entries and trees that gave no value in this reading. */
  readErrors: number;
  /** How many different interfaces were read; `all` and `default` are none. */
  interfaces: number;
}

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/**
 * Reads the posture once. `/proc/sys/net` is that of the reader's network namespace, through a bind mount of the host's
 * /proc too. Rows come rule by rule, IPv4 first: `all`, `default`, then interfaces in byte order. Never throws.
 */
export function readPosture(options: PostureOptions): Posture {
  const { procfs, sysfs, rules, include, exclude, interfacesMax } = options;
  // search() and not test(): a regular expression with the flag g remembers where its last test ended.
  const admits = (label: string) =>
    (include === undefined || label.search(include) >= 0) && (exclude === undefined || label.search(exclude) < 0);
  const trees = FAMILIES.flatMap((family) => {
    const own = rules.filter((rule) => rule.family === family);
    return own.length === 0 ? [] : [readTree(procfs, family, own, admits)];
  });

  const readings = trees.flatMap((tree) => tree.rules);
  const judgements = readings.map(judge);
  const values = judgements.flatMap((judgement) => judgement.values);
  const effective = judgements.flatMap((judgement) => judgement.effective);

  const runtimeViolators = violators(values);
  const effectiveViolators = violators(effective);
  const names = new Map(readings.flatMap((each) => each.interfaces.map(({ label, name }) => [label, name] as const)));
  const candidates = [...names].map(([label, name]) => ({
    label,
    name,
    effectiveViolator: effectiveViolators.has(label),
    runtimeViolator: runtimeViolators.has(label),
  }));
  const chosen = chooseInterfaces(candidates, interfacesMax, ({ name }) => isPhysical(sysfs, name));
  const hasRow = (row: SysctlRow) => chosen.has(row.interface);

  const errors = trees.flatMap(({ error }) => error ?? []);
  return {
    success: errors.length === 0,
    ...(errors.length > 0 && { error: errors.join('; ') }),
    values: values.filter(hasRow),
    effective: effective.filter(hasRow),
    persisted: [],
    infos: [],
    counts: judgements.flatMap(({ counts }) => counts),
    readErrors: trees.reduce((sum, tree) => sum + tree.readErrors, 0),
    interfaces: names.size,
  };
}

function violators(rows: readonly SysctlRow[]): Set<string> {
  return new Set(rows.filter(({ compliant }) => !compliant).map((row) => row.interface));
}

// Only a device with hardware behind it has this link; bridges, veth and tunnels have none.
function isPhysical(sysfs: string, name: Buffer): boolean {
  return existsSync(Buffer.concat([Buffer.from(`${sysfs}/class/net/`), name, Buffer.from('/device')]));
}
