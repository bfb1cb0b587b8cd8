import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Namespace } from './namespace.ts';

const DEPLOY = new URL('../../deploy/', import.meta.url);

/** Rules that we ship, and how to tell what they do. */
export interface Firewall {
  readonly name: string;
  /** The file, under deploy/. */
  readonly file: string;
  /** Where its comments say that it is to be put. */
  readonly place: string;
  /** Everything that is loaded, without counts. */
  readonly list: (namespace: Namespace) => string;
  /** Packets counted: type 0 headers dropped, ICMPv6 rejected, ICMPv6 errors dropped. */
  readonly counts: (namespace: Namespace) => Counts;
}

export interface Counts {
  readonly rh0: number;
  readonly icmpv6: number;
  readonly errors: number;
}

/** The only one that can tell options of IPv4. */
export const NFTABLES: Firewall = {
  name: 'nftables',
  file: 'nftables/srcroute.nft',
  place: '/etc/nftables/srcroute.nft',
  list: (namespace) => namespace.run('nft', '--stateless', 'list', 'ruleset'),
  counts(namespace) {
    const count = nftablesCounters(namespace);
    return {
      rh0: count.get('ipv6-rh0') ?? NaN,
      icmpv6: count.get('icmpv6-over-limit') ?? NaN,
      errors: count.get('icmpv6-error-over-limit') ?? NaN,
    };
  },
};

export const FIREWALLS: readonly Firewall[] = [
  NFTABLES,
  {
    name: 'ip6tables',
    file: 'ip6tables/srcroute.rules',
    place: '/etc/iptables/srcroute.rules',
    list: (namespace) => namespace.run('ip6tables-save').replace(/^#.*\n| \[\d+:\d+\]$/gm, ''),
    counts(namespace) {
      const rules = namespace.run('ip6tables-save', '--counters');
      const count = (chain: string, target: string) =>
        Number(new RegExp(`^\\[(\\d+):\\d+\\] -A ${chain} (?:.* )?-j ${target}\\b`, 'm').exec(rules)?.[1]);
      return {
        rh0: count('SRCROUTE', 'DROP'),
        icmpv6: count('SRCROUTE-ICMPV6', 'REJECT'),
        errors: count('SRCROUTE-ERROR', 'DROP'),
      };
    },
  },
];

/** Packets by named counter. */
export function nftablesCounters(namespace: Namespace): ReadonlyMap<string, number> {
  const { nftables }: { nftables: { counter?: { name: string; packets: number } }[] } = JSON.parse(
    namespace.run('nft', '--json', 'list', 'counters', 'table', 'inet', 'srcroute'),
  );
  return new Map(nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter.packets]] : [])));
}

/** The text of the file. */
export function firewallText({ file }: Firewall): string {
  return readFileSync(new URL(file, DEPLOY), 'utf8');
}

/** Runs the commands that the comments of the file give for `load` or `undo`, on the file where it stands or another. */
export function runCommands(
  firewall: Firewall,
  act: 'load' | 'undo',
  namespace: Namespace,
  path = fileURLToPath(new URL(firewall.file, DEPLOY)),
): void {
  const commands = [...firewallText(firewall).matchAll(new RegExp(`^#   ${act}:  (.+)$`, 'gm'))].map(
    ([, line]) => line,
  );
  if (commands.length === 0) throw new Error(`${firewall.file} does not say how to ${act} it`);
  namespace.run('sh', '-e', '-c', commands.join('\n').replaceAll(firewall.place, path));
}
