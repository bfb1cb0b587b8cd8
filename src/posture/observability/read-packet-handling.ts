import { effectiveValue } from '../runtime/effective.ts';
import { type Listed, listConf } from '../runtime/list-conf.ts';
import { readSysctl } from '../runtime/read-sysctl.ts';

/** How many names a person is shown of those that are alike. */
const LABELS_MAX = 20;

/** Interfaces that have something in common. */
export interface AlikeInterfaces {
  readonly count: number;
  /** The first 20, in byte order. */
  readonly labels: readonly string[];
}

/** What the kernel does with an IPv4 packet that has a source route, by the interface it arrives at. */
export interface PacketHandling {
  /** Those that say nothing of what they refuse; `lo` does not matter. */
  readonly martiansOff: AlikeInterfaces;
  /** Those that accept, `lo` too. */
  readonly accepting: AlikeInterfaces;
  /** How many values that matter could not be read. */
  readonly unreadable: number;
}

/**
 * Reads `log_martians` and `accept_source_route` of `<procfs>/sys/net/ipv4/conf` as the kernel acts on them
 * (IN_DEV_LOG_MARTIANS, IN_DEV_SOURCE_ROUTE, include/linux/inetdevice.h). Where `all` decides alone, interfaces are not
 * read. Throws an Error of one line if there is no such tree.
 */
export function readPacketHandling(procfs: string): PacketHandling {
  const conf = `${procfs}/sys/net/ipv4/conf`;
  const listed = listConf(conf);
  // An empty directory in the tree's place (a masked /proc/sys) would otherwise look like a host that logs everything.
  if (!listed.some(({ label }) => label === 'all')) throw new Error(`Cannot find "all" in ${JSON.stringify(conf)}`);
  const interfaces = listed.filter(({ label }) => label !== 'all' && label !== 'default');
  const outside = interfaces.filter(({ label }) => label !== 'lo');

  const martians = readEffective(conf, 'log_martians', 'or', outside);
  const accepts = readEffective(conf, 'accept_source_route', 'and', interfaces);
  return {
    martiansOff: interfacesWith(martians, 0),
    accepting: interfacesWith(accepts, 1),
    unreadable: [...martians, ...accepts].filter(([, value]) => value === undefined).length,
  };
}

type Effective = [label: string, value: number | undefined][];

function readEffective(conf: string, sysctl: string, combine: 'and' | 'or', interfaces: readonly Listed[]): Effective {
  const common = readSysctl(conf, Buffer.from('all'), sysctl);
  const all = typeof common === 'number' ? common : undefined;
  const decided = combine === 'and' ? all === 0 : all !== undefined && all !== 0;
  return interfaces.flatMap(({ label, name }): Effective => {
    if (decided) return [[label, all === 0 ? 0 : 1]];
    const own = readSysctl(conf, name, sysctl);
    if (own === 'vanished') return [];
    return [[label, effectiveValue(combine, all, own === 'unreadable' ? undefined : own)]];
  });
}

function interfacesWith(effective: Effective, wanted: number): AlikeInterfaces {
  const labels = effective.flatMap(([label, value]) => (value === wanted ? [label] : []));
  return { count: labels.length, labels: labels.slice(0, LABELS_MAX) };
}
