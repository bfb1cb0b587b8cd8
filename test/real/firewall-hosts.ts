/** A host with rules of its own. */
export interface FirewallHost {
  readonly name: string;
  /** Sets it up once. */
  readonly setup?: string;
  /** Loads its rules, as its own boot does. */
  readonly boot: string;
  /** What its rules have when they are there. */
  readonly has: RegExp;
}

/** Where the fixtures are, in there. */
export const FIXTURES = '/run/fixtures';

export const FIREWALL_HOSTS: readonly FirewallHost[] = [
  { name: 'plain', boot: 'true', has: /^/ },
  {
    name: 'iptables-nft with a DROP policy',
    boot: `iptables-nft-restore ${FIXTURES}/iptables.rules && ip6tables-nft-restore ${FIXTURES}/ip6tables.rules`,
    has: /:INPUT DROP.*--dport 22 -j ACCEPT/s,
  },
  {
    name: 'ufw',
    setup: 'ufw allow 22/tcp && ufw --force enable',
    boot: '/lib/ufw/ufw-init start quiet',
    has: /:INPUT DROP.*ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT/s,
  },
  {
    name: 'firewalld',
    boot: `nft -f ${FIXTURES}/firewalld-1.3.3.nft`,
    has: /table inet firewalld.*reject with icmpx/s,
  },
  {
    name: 'Docker',
    boot: `iptables-nft-restore ${FIXTURES}/docker.rules && ip6tables-nft-restore ${FIXTURES}/docker6.rules`,
    has: /:FORWARD DROP.*DOCKER-USER/s,
  },
];

/** Prints all rules but those of our table, without counts. */
export const RULES_OF_OTHERS = `{
nft list tables | grep -v '^table inet srcroute$' | while read -r table; do nft --stateless list $table; done
for save in iptables-nft-save ip6tables-nft-save iptables-legacy-save ip6tables-legacy-save; do
  echo "$save"; $save | sed -e '/^#/d' -e 's/ \\[[0-9]*:[0-9]*\\]$//'
done; } 2> /dev/null`;

/** Prints the rules that log packets with a source route. */
export const LOG_RULES = `{ nft --stateless list ruleset; ip6tables-legacy-save; } 2> /dev/null | grep 'SRC ROUTE ATTEMPT: ' || true`;
