import type { Readings } from '../readings.ts';
import type { Finding } from './finding.ts';

const RULES = `table inet srcroute {
  chain prerouting {
    type filter hook prerouting priority raw; policy accept;
    meta nfproto ipv4 ip option lsrr exists \\
      limit rate 10/second burst 50 packets \\
      log prefix "SRC ROUTE ATTEMPT: " level info
    meta nfproto ipv4 ip option ssrr exists \\
      limit rate 10/second burst 50 packets \\
      log prefix "SRC ROUTE ATTEMPT: " level info
    meta nfproto ipv6 rt type 0 \\
      limit rate 10/second burst 50 packets \\
      log prefix "SRC ROUTE ATTEMPT: " level info
  }
}`;
const IS_THERE = "grep -qs 'SRC ROUTE ATTEMPT: '";

/** The one event that no setting of the kernel brings: which rules print it. Pure; throws nothing. */
export function firewallFinding({ isRoot }: Readings): Finding {
  const sudo = isRoot ? '' : 'sudo ';
  return {
    severity: 'blind',
    kind: 'firewall',
    subject: 'source_route_attempt',
    title: 'source_route_attempt needs a firewall rule',
    problems: [
      'It is the only event that shows an IPv4 packet that is accepted, and the only one that shows IPv6. Whether a rule prints it is not looked at.',
    ],
    interfaces: [],
    remedies: [
      {
        when: 'now',
        changes:
          'Logs packets with a source route, of both families, and lets them go on. Does nothing if a rule with the prefix is there.',
        costs:
          'At most 30 lines of log a second, so that they are a lower bound. A route whose pointer has moved on is overlooked; deploy/nftables/srcroute.nft, which comes with the exporter, finds those, too.',
        commands: [`${sudo}nft list ruleset | ${IS_THERE} || ${sudo}nft '\n${RULES}'`],
      },
      {
        when: 'boot',
        changes: 'Adds the table to what nftables loads at a boot (Debian, Ubuntu), and has it loaded.',
        costs: 'Loading that file removes all rules that are not in it, where it begins with flush ruleset.',
        commands: [
          `${IS_THERE} /etc/nftables.conf ||
  ${sudo}nft list table inet srcroute | ${sudo}tee -a /etc/nftables.conf > /dev/null`,
          `${sudo}systemctl enable nftables`,
        ],
      },
    ],
  };
}
