import type { Family, InterfaceRule } from '../policy/policy.ts';
import { type Listed, listConf } from './list-conf.ts';
import { readSysctl } from './read-sysctl.ts';

/** One interface's value of one sysctl; `undefined` means it is there and cannot be read. */
export interface Reading {
  label: string;
  name: Buffer;
  value: number | undefined;
  /** Whether the interface forwards: read only where the value that the kernel acts on depends on it. */
  forwarding: number | undefined;
}

/** What one rule found in its family's tree: `all` and `default` apart, because they are no interfaces. */
export interface RuleReadings {
  rule: InterfaceRule;
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
  rules: readonly InterfaceRule[],
  admits: (label: string) => boolean,
): Tree {
  const conf = `${procfs}/sys/net/${family}/conf`;
  let listed: Listed[];
  try {
    listed = listConf(conf);
  } catch (error) {
    const { message, cause } = error as Error;
    if (family === 'ipv6' && (cause as NodeJS.ErrnoException).code === 'ENOENT') return { rules: [], readErrors: 0 };
    return { rules: [], readErrors: 1, error: message };
  }
  const interfaces = listed.filter(({ label }) => label !== 'all' && label !== 'default' && admits(label));

  let readErrors = 0;
  const read = (name: Buffer, sysctl: string) => {
    const value = readSysctl(conf, name, sysctl);
    if (typeof value !== 'number') readErrors += 1;
    return value;
  };
  const readings = rules.map((rule): RuleReadings => {
    const common = (name: string) => numberOf(read(Buffer.from(name), rule.sysctl));
    const all = common('all');
    return {
      rule,
      all,
      default: common('default'),
      interfaces: interfaces.flatMap(({ name, label }): Reading[] => {
        const found = read(name, rule.sysctl);
        if (found === 'vanished') return [];
        const value = numberOf(found);
        // `and` and `or` of two values that agree are the same: most hosts cost no reading more.
        const depends = rule.combine === 'redirects' && Boolean(all) !== Boolean(value);
        return [{ label, name, value, forwarding: depends ? numberOf(read(name, 'forwarding')) : undefined }];
      }),
    };
  });
  // An empty directory in the tree's place (a masked /proc/sys) would otherwise look like a host without violations.
  if (listed.some(({ label }) => label === 'all')) return { rules: readings, readErrors };
  return { rules: readings, readErrors, error: `Cannot find "all" in ${JSON.stringify(conf)}` };
}

function numberOf(value: number | string): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
