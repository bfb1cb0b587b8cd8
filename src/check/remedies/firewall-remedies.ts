import type { Remedy } from '../findings/finding.ts';
import type { Readings } from '../readings.ts';
import { Commands } from './commands.ts';
import { AFTER_NFTABLES, FIREWALL_UNIT, RULES_FILE } from './firewall-unit.ts';

const TABLE = 'inet srcroute';
const LOG = 'limit rate 10/second burst 50 packets log prefix "SRC ROUTE ATTEMPT: " level info';

/** The rules of one family, and the text by which our table shows that it has them. */
const IPV4 = { chain: 'log-ipv4', matches: ['ip option lsrr exists', 'ip option ssrr exists'], mark: 'ip option lsrr' };
const IPV6 = { chain: 'log-ipv6', matches: ['rt type 0'], mark: 'rt type 0' };

const PREFIX = '--log-prefix "SRC ROUTE ATTEMPT: ';
const IP6TABLES_SAVES = ['ip6tables-save', 'ip6tables-nft-save', 'ip6tables-legacy-save'];
/**
 * Whether our table has the IPv6 rule, or a rule of ip6tables, as either back end saves it, logs type 0 headers with the prefix: by its own
 * match, or in a chain that a rule with the match jumps to.
 */
const FIND_IPV6 = `/${IPV6.mark}/ { found = 1 }
      /rt --rt-type 0 / { target[$NF] }
      /${PREFIX}/ { chain[$2]; if (/rt --rt-type 0 /) found = 1 }
      END { for (name in chain) if (name in target) found = 1; exit !found }`;

// Read to its end by what finds something in it.
const PRINT_RULES = `printf '%s\\n' "$rules"`;
const DELETE = `delete table ${TABLE}`;
const REFUSAL = `Stopped: these rules of table ${TABLE} or of ${RULES_FILE} do more than log.`;

const COSTS =
  'At most 30 log lines a second, so the number of lines is a lower bound. A route whose pointer has advanced is not matched; deploy/nftables/srcroute.nft, which comes with the exporter, matches it as well.';
const EXCEPT =
  'Existing rules of the table inet srcroute stay as they are. The IPv6 rule is left out if ip6tables already logs type 0 headers with the prefix.';

const SAVES = `Saves the table to ${RULES_FILE}, or keeps that file if it loads the same families. Stops if either drops packets or flushes other rules.`;

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
          changes: `Loads these rules at every boot, after the host's own firewall, by a service of its own. ${SAVES} ${EXCEPT}`,
          costs: `${COSTS} If nftables.service starts or stops, a drop-in of it loads the table again.`,
          commands: [...now, chain(saveTable(commands), enableUnit(commands))],
        }
      : {
          when: 'boot',
          changes: `${SAVES} Then have the boot run "nft -f ${RULES_FILE}" after the start of the host's own firewall: in a script in /etc/local.d (OpenRC), in /etc/rc.local (runit, sysvinit). ${EXCEPT}`,
          costs: COSTS,
          commands: [...now, chain(saveTable(commands))],
        },
  ];
}

function loadIpv4(commands: Commands): string {
  return loadUnless(`${PRINT_RULES} | grep '${IPV4.mark}' > /dev/null`, IPV4, commands);
}

// Ends well, because the option pipefail asks for it.
function loadIpv6(commands: Commands): string {
  const lists = [PRINT_RULES, ...IP6TABLES_SAVES.map((save) => commands.run(save)), 'true'];
  return loadUnless(`{ ${lists.join('\n      ')}\n    } 2> /dev/null |\n    awk '${FIND_IPV6}'`, IPV6, commands);
}

/** Nothing is loaded where the table cannot be listed: each rule would be there twice. A table that is not there is made first. */
function loadUnless(isThere: string, family: typeof IPV4, commands: Commands): string {
  const list = commands.run(`nft 'table ${TABLE}; list table ${TABLE}'`);
  return `rules=$(${list}) &&\n  { ${isThere} ||\n  ${load(family, commands)}; }`;
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

/**
 * A file that loads the same families is kept: it may be the one that comes with the exporter, which has more. Neither it nor a table that
 * somebody else made is loaded at boot if it does more than look.
 */
function saveTable(commands: Commands): string[] {
  const next = `${RULES_FILE}.new`;
  return [
    `plain() { printf '%s\\n' "$1" | sed 's/#.*//'; }
parts() { plain "$1" | grep -o -e '${DELETE}' -e '${IPV4.mark}' -e '${IPV6.mark}' | sort -u; }
old=$(${commands.run('cat', RULES_FILE)} 2> /dev/null || true)
new=$(${commands.run('nft --stateless --terse list table', TABLE)})`,
    `new="# Saved by the commands of srcroute-exporter check.
table ${TABLE}
${DELETE}
$new"`,
    `if [ "$(parts "$old")" = "$(parts "$new")" ]; then new=$old; fi`,
    `if plain "$new" | grep -E -w 'drop|reject|flush +ruleset'; then
  echo '${REFUSAL}' >&2
  false
fi`,
    commands.run('mkdir -p -m 755', RULES_FILE.slice(0, RULES_FILE.lastIndexOf('/'))),
    `{ [ "$new" = "$old" ] ||
  { printf '%s\\n' "$new" | ${commands.run('tee', next)} > /dev/null &&
    ${commands.run('chmod 644', next)} &&
    ${commands.run('nft --check --file', next)} &&
    ${commands.run('mv -f', next, RULES_FILE)}; }; }`,
    commands.run('nft --check --file', RULES_FILE),
  ];
}

function enableUnit(commands: Commands): string[] {
  return [
    commands.replaceFile(FIREWALL_UNIT, Buffer.from('/etc/systemd/system/srcroute-firewall.service'), true),
    commands.replaceFile(AFTER_NFTABLES, Buffer.from('/etc/systemd/system/nftables.service.d/srcroute.conf'), false),
    commands.run('systemctl daemon-reload'),
    commands.run('systemctl start srcroute-firewall.service'),
    // Where it was running already, with another file or a table that is gone.
    commands.run('systemctl reload srcroute-firewall.service'),
    // Last, so that no boot starts what has failed here.
    commands.run('systemctl enable srcroute-firewall.service'),
  ];
}
