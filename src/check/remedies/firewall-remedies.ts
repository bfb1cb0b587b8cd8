import type { Remedy } from '../findings/finding.ts';
import type { Readings } from '../readings.ts';
import { Commands } from './commands.ts';
import { AFTER_NFTABLES, FIREWALL_UNIT, RULES_FILE } from './firewall-unit.ts';

const TABLE = 'inet srcroute';
const LOG = 'limit rate 10/second burst 50 packets log prefix "SRC ROUTE ATTEMPT: " level info';

/** The rules of one family, and the text by which our table shows that it has them. */
const IPV4 = { chain: 'log-ipv4', matches: ['ip option lsrr exists', 'ip option ssrr exists'], mark: 'ip option lsrr' };
const IPV6 = { chain: 'log-ipv6', matches: ['rt type 0'], mark: 'rt type 0' };

/** A LOG rule of ip6tables as either back end saves it. */
const IP6TABLES_MARK = '--log-prefix "SRC ROUTE ATTEMPT: ';
const IP6TABLES_SAVES = ['ip6tables-save', 'ip6tables-nft-save', 'ip6tables-legacy-save'];

const COSTS =
  'At most 30 log lines a second, so the number of lines is a lower bound. A route whose pointer has advanced is not matched; deploy/nftables/srcroute.nft, which comes with the exporter, matches it as well.';
const EXCEPT =
  'Rules that the table inet srcroute has already stay as they are; the IPv6 rule is left out if a rule of ip6tables logs with the prefix already.';

/** How to have a firewall log packets with a source route. Touches our own table, files and unit only. */
export function firewallRemedies({ boot, isRoot }: Readings): Remedy[] {
  const commands = new Commands(isRoot);
  const now = [loadIpv4(commands), loadIpv6(commands)];
  return [
    {
      when: 'now',
      changes: `Logs packets with a source route until the next reboot, drops none, and touches no other table. ${EXCEPT}`,
      costs: COSTS,
      commands: now,
    },
    boot.applier === 'systemd'
      ? {
          when: 'boot',
          changes: `Loads these rules at every boot, after the host's own firewall, by a service of its own. Saves the table to ${RULES_FILE}, unless that file has rules for the same families. ${EXCEPT}`,
          costs: `${COSTS} If nftables.service starts or stops, a drop-in of it loads the table again.`,
          commands: [...now, chain(saveTable(commands), enableUnit(commands))],
        }
      : {
          when: 'boot',
          changes: `Saves the table to ${RULES_FILE}, unless that file has rules for the same families. Then have the boot run "nft -f ${RULES_FILE}" after the start of the host's own firewall: in a script in /etc/local.d (OpenRC), in /etc/rc.local (runit, sysvinit). ${EXCEPT}`,
          costs: COSTS,
          commands: [...now, chain(saveTable(commands))],
        },
  ];
}

function loadIpv4(commands: Commands): string {
  const list = commands.run('nft list table', TABLE, '2> /dev/null');
  return `${list} | grep -q '${IPV4.mark}' ||\n  ${load(IPV4, commands)}`;
}

function loadIpv6(commands: Commands): string {
  const lists = [['nft list table', TABLE], ...IP6TABLES_SAVES.map((save) => [save])];
  const all = lists.map((words) => commands.run(...words)).join('\n  ');
  return `{ ${all}\n} 2> /dev/null |\n  grep -q -e '${IPV6.mark}' -e '${IP6TABLES_MARK}' ||\n  ${load(IPV6, commands)}`;
}

function load({ chain, matches }: typeof IPV4, commands: Commands): string {
  const rules = matches.map((match) => `    ${match} \\\n      ${LOG.replace(' log', ' \\\n      log')}`);
  return `${commands.run('nft')} '
table ${TABLE} {
  chain ${chain} {
    type filter hook prerouting priority raw; policy accept;
${rules.join('\n')}
  }
}'`;
}

/** Commands of which each runs only if those before it succeeded. */
function chain(...steps: readonly (readonly string[])[]): string {
  return steps.flat().join(' &&\n');
}

/** A file that has rules for the same families is kept: it may be the one that comes with the exporter, which has more. */
function saveTable(commands: Commands): string[] {
  const header = `printf '%s\\n' '# Saved by the commands of srcroute-exporter check.' \\
      'table ${TABLE}' 'delete table ${TABLE}'`;
  const list = commands.run('nft --stateless --terse list table', TABLE);
  return [
    `families() { grep -o -e '${IPV4.mark}' -e '${IPV6.mark}' | sort -u; }\n${list} > /dev/null`,
    commands.run('mkdir -p /etc/srcroute-exporter'),
    `{ [ "$(${commands.run('cat', RULES_FILE)} 2> /dev/null | families)" = \\
    "$(${list} | families)" ] ||
  { ${header}
    ${list}
  } | ${commands.run('tee', RULES_FILE)} > /dev/null; }`,
    commands.run('nft --check --file', RULES_FILE),
  ];
}

function enableUnit(commands: Commands): string[] {
  return [
    commands.replaceFile(FIREWALL_UNIT, Buffer.from('/etc/systemd/system/srcroute-firewall.service'), true),
    commands.replaceFile(AFTER_NFTABLES, Buffer.from('/etc/systemd/system/nftables.service.d/srcroute.conf'), false),
    commands.run('systemctl daemon-reload'),
    commands.run('systemctl enable --now srcroute-firewall.service'),
    // Where it was running already, with another file or a table that is gone.
    commands.run('systemctl reload srcroute-firewall.service'),
  ];
}
