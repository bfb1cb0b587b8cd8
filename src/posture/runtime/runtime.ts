import { existsSync } from 'node:fs';
import { judgePersisted } from '../judge-persisted.ts';
import type { Family, GlobalRule, InterfaceRule, SysctlRule } from '../policy/policy.ts';
import type { PersistedRow, Predict } from '../prediction.ts';
import { chooseInterfaces } from './choose-interfaces.ts';
import type { InterfaceCount } from './interface-count.ts';
import { judge } from './judge.ts';
import { readGlobals, type SysctlInfo } from './read-globals.ts';
import { readTree } from './read-tree.ts';
import type { SysctlRow } from './sysctl-row.ts';

export type { PersistedRow } from '../prediction.ts';
export type { InterfaceCount } from './interface-count.ts';
export type { SysctlInfo } from './read-globals.ts';
export type { SysctlRow } from './sysctl-row.ts';

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
  /** What a boot would make of the configuration; without it nothing is said of that. */
  predict?: Predict | undefined;
}

/** The sysctls of this network namespace as they are now, what the kernel makes of them, and what a boot would. */
export interface Posture {
  /** False when a tree that should be there could not be listed; what could be read is here all the same. */
  success: boolean;
  /** One line that names each path that failed. */
  error?: string;
  /** The written values of `all`, `default` and the chosen interfaces, then those there is one of. */
  values: SysctlRow[];
  /** The values the kernel acts on, for the chosen interfaces only. */
  effective: SysctlRow[];
  /** The values after a boot, for the same names as `values`. */
  persisted: PersistedRow[];
  infos: SysctlInfo[];
  /** Every interface counted, chosen or not. A family without a tree and a rule that expects nothing have none. */
  counts: InterfaceCount[];
  /** Files, entries and trees that gave no value in this reading. */
  readErrors: number;
  /** How many different interfaces were read; `all` and `default` are none. */
  interfaces: number;
}

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/**
 * Reads the posture once. `/proc/sys/net` is that of the reader's network namespace, through a bind mount of the host's
 * /proc too. Rows come rule by rule, IPv4 first: `all`, `default`, then interfaces in byte order. Throws only what
 * `predict` throws.
 */
export function readPosture(options: PostureOptions): Posture {
  const { procfs, sysfs, rules, include, exclude, interfacesMax, predict } = options;
  // search() and not test(): a regular expression with the flag g remembers where its last test ended.
  const admits = (label: string) =>
    (include === undefined || label.search(include) >= 0) && (exclude === undefined || label.search(exclude) < 0);
  const trees = FAMILIES.flatMap((family) => {
    const own = rules.filter(isAboutInterfaces).filter((rule) => rule.family === family);
    return own.length === 0 ? [] : [readTree(procfs, family, own, admits)];
  });
  const globals = readGlobals(procfs, rules.filter(isGlobal), predict);

  const readings = trees.flatMap((tree) => tree.rules);
  const judgements = readings.map(judge);
  const predicted = predict ? readings.map((reading) => judgePersisted(predict, reading)) : [];
  const values = judgements.flatMap((judgement) => judgement.values);
  const effective = judgements.flatMap((judgement) => judgement.effective);
  const persisted = predicted.flatMap(({ rows }) => rows);

  const names = new Map(readings.flatMap((each) => each.interfaces.map(({ label, name }) => [label, name] as const)));
  const isViolator = { effective: violators(effective), runtime: violators(values), persisted: violators(persisted) };
  const candidates = [...names].map(([label, name]) => ({
    label,
    name,
    effectiveViolator: isViolator.effective.has(label),
    runtimeViolator: isViolator.runtime.has(label),
    persistedViolator: isViolator.persisted.has(label),
  }));
  const chosen = chooseInterfaces(candidates, interfacesMax, ({ name }) => isPhysical(sysfs, name));
  const hasRow = (row: SysctlRow) => chosen.has(row.interface);

  const errors = trees.flatMap(({ error }) => error ?? []);
  return {
    success: errors.length === 0,
    ...(errors.length > 0 && { error: errors.join('; ') }),
    values: [...values.filter(hasRow), ...globals.values],
    effective: effective.filter(hasRow),
    persisted: [...persisted.filter(hasRow), ...globals.persisted],
    infos: globals.infos,
    counts: [...judgements, ...predicted].flatMap(({ counts }) => counts),
    readErrors: trees.reduce((sum, tree) => sum + tree.readErrors, globals.readErrors),
    interfaces: names.size,
  };
}

function isAboutInterfaces(rule: SysctlRule): rule is InterfaceRule {
  return rule.combine !== undefined;
}

function isGlobal(rule: SysctlRule): rule is GlobalRule {
  return rule.combine === undefined;
}

function violators(rows: readonly SysctlRow[]): Set<string> {
  return new Set(rows.filter(({ compliant }) => compliant === false).map((row) => row.interface));
}

// Only a device with hardware behind it has this link; bridges, veth and tunnels have none.
function isPhysical(sysfs: string, name: Buffer): boolean {
  return existsSync(Buffer.concat([Buffer.from(`${sysfs}/class/net/`), name, Buffer.from('/device')]));
}
