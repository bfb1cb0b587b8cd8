import { readdirSync } from 'node:fs';
import { interfaceLabel } from './interface-name.ts';
import type { Family, SysctlRule } from './policy.ts';
import { readSysctl } from './read-sysctl.ts';

/** One interface's value of one sysctl; `undefined` means it is there and cannot be read. */
export interface Reading {
  label: string;
  name: Buffer;
  value: number | undefined;
}

/** What one rule found in its family's tree: `all` and `default` apart, because they are no interfaces. */
export interface RuleReadings {
  rule: SysctlRule;
  all: number | undefined;
  default: number | undefined;
  interfaces: readonly Reading[];
}

/** One family's tree as it was read. No rules and no error: this host has no such tree. */
export interface Tree {
  rules: readonly RuleReadings[];
  /** Files, and entries that went away, that gave no value. */
  readErrors: number;
  /** One line that names the path. */
  error?: string;
}

/**
 * Reads `<procfs>/sys/net/<family>/conf` for every rule of that family. `admits` is asked with the label of an interface
 * whether it is wanted at all; `all` and `default` always are. A missing IPv6 tree is no error (`ipv6.disable=1`), a
 * missing IPv4 tree is one. Throws nothing.
 */
export function readTree(
  procfs: string,
  family: Family,
  rules: readonly SysctlRule[],
  admits: (label: string) => boolean,
): Tree {
  const conf = `${procfs}/sys/net/${family}/conf`;
  let listed: Buffer[];
  try {
    listed = readdirSync(conf, { encoding: 'buffer' });
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    if (family === 'ipv6' && code === 'ENOENT') return { rules: [], readErrors: 0 };
    return { rules: [], readErrors: 1, error: `Cannot list ${JSON.stringify(conf)}: ${code}` };
  }
  // The kernel's listing can hold a name twice while interfaces come and go; labels tell names apart.
  const entries = new Map(listed.map((name) => [interfaceLabel(name), name]));
  const interfaces = [...entries]
    .map(([label, name]) => ({ label, name }))
    .filter(({ label }) => label !== 'all' && label !== 'default' && admits(label));

  let readErrors = 0;
  const read = (name: Buffer, sysctl: string) => {
    const value = readSysctl(conf, name, sysctl);
    if (typeof value !== 'number') readErrors += 1;
    return value;
  };
  const readings = rules.map((rule): RuleReadings => {
    const common = (name: string) => numberOf(read(Buffer.from(name), rule.sysctl));
    return {
      rule,
      all: common('all'),
      default: common('default'),
      interfaces: interfaces.flatMap(({ name, label }): Reading[] => {
        const value = read(name, rule.sysctl);
        return value === 'vanished' ? [] : [{ label, name, value: numberOf(value) }];
      }),
    };
  });
  // An empty directory in the tree's place (a masked /proc/sys) would otherwise look like a host without violations.
  if (entries.has('all')) return { rules: readings, readErrors };
  return { rules: readings, readErrors, error: `Cannot find "all" in ${JSON.stringify(conf)}` };
}

function numberOf(value: number | string): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
