import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Namespace } from './namespace.ts';

const DEPLOY = new URL('../../deploy/', import.meta.url);

/** Per second, and at once before: what the files say. */
export const LOG_LIMIT = { rate: 10, burst: 50 };
export const ICMPV6_LIMIT = { rate: 50, burst: 80 };
export const ERROR_LIMIT = { rate: 100, burst: 200 };

/** The most that pass a limit in so many seconds; the kernel's clock ticks beside ours. */
export function most({ rate, burst }: { rate: number; burst: number }, seconds: number): number {
  return burst + Math.ceil(rate * seconds) + 1;
}

/** A file of rules that we ship. */
export interface RuleFile {
  /** Under deploy/. */
  readonly file: string;
  /** Where its comments say that it is to be put. */
  readonly place: string;
}

/** Rules that we ship, and how to tell what they do. */
export interface Firewall {
  readonly name: string;
  /** What counts and logs. */
  readonly log: RuleFile;
  /** What drops and limits. */
  readonly enforce: RuleFile;
  /** Everything that is loaded, without counts. */
  readonly list: (namespace: Namespace) => string;
  /** Packets counted. */
  readonly counts: (namespace: Namespace) => Counts;
}

/** Type 0 headers counted and dropped, ICMPv6 rejected, ICMPv6 errors dropped; NaN without the file that counts them. */
export interface Counts {
  readonly rh0: number;
  readonly dropped: number;
  readonly icmpv6: number;
  readonly errors: number;
}

/** The only one that can tell options of IPv4. */
export const NFTABLES: Firewall = {
  name: 'nftables',
  log: { file: 'nftables/srcroute.nft', place: '/etc/srcroute-exporter/srcroute.nft' },
  enforce: { file: 'nftables/srcroute-enforce.nft', place: '/etc/srcroute-exporter/srcroute-enforce.nft' },
  list: (namespace) => namespace.run('nft', '--stateless', 'list', 'ruleset'),
  counts(namespace) {
    const count = nftablesCounters(namespace);
    return {
      rh0: count.get('ipv6-rh0') ?? NaN,
      dropped: count.get('ipv6-rh0-dropped') ?? NaN,
      icmpv6: count.get('icmpv6-over-limit') ?? NaN,
      errors: count.get('icmpv6-error-over-limit') ?? NaN,
    };
  },
};

export const FIREWALLS: readonly Firewall[] = [
  NFTABLES,
  {
    name: 'ip6tables',
    log: { file: 'ip6tables/srcroute.rules', place: '/etc/iptables/srcroute.rules' },
    enforce: { file: 'ip6tables/srcroute-enforce.rules', place: '/etc/iptables/srcroute-enforce.rules' },
    list: (namespace) => namespace.run('ip6tables-save').replace(/^#.*\n| \[\d+:\d+\]$/gm, ''),
    counts(namespace) {
      const rules = namespace.run('ip6tables-save', '--counters');
      const count = (rule: string) => Number(new RegExp(`^\\[(\\d+):\\d+\\] -A ${rule}`, 'm').exec(rules)?.[1]);
      return {
        rh0: count('SRCROUTE -m rt --rt-type 0$'),
        dropped: count('SRCROUTE-ENFORCE .*-j DROP'),
        icmpv6: count('SRCROUTE-ICMPV6 -j REJECT'),
        errors: count('SRCROUTE-ERROR -j DROP'),
      };
    },
  },
];

/** Packets by named counter of our tables. */
export function nftablesCounters(namespace: Namespace): ReadonlyMap<string, number> {
  const { nftables }: { nftables: { counter?: { name: string; packets: number } }[] } = JSON.parse(
    namespace.run('nft', '--json', 'list', 'counters'),
  );
  return new Map(nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter.packets]] : [])));
}

/** The text of the file. */
export function ruleText({ file }: RuleFile): string {
  return readFileSync(new URL(file, DEPLOY), 'utf8');
}

/** Runs the commands that the comments of the file give for `load` or `undo`, on the file where it stands or another. */
export function runCommands(
  rules: RuleFile,
  act: 'load' | 'undo',
  namespace: Namespace,
  path = fileURLToPath(new URL(rules.file, DEPLOY)),
): void {
  const commands = [...ruleText(rules).matchAll(new RegExp(`^#   ${act}:  (.+)$`, 'gm'))].map(([, line]) => line);
  if (commands.length === 0) throw new Error(`${rules.file} does not say how to ${act} it`);
  namespace.run('sh', '-e', '-c', commands.join('\n').replaceAll(rules.place, path));
}

/** Runs the commands of both files. */
export function runBoth({ log, enforce }: Firewall, act: 'load' | 'undo', namespace: Namespace): void {
  for (const rules of [log, enforce]) runCommands(rules, act, namespace);
}
