/** Of printing packets with impossible addresses; measured with the kernel's own limit on network messages. */
const MARTIANS =
  'The kernel also logs packets with impossible addresses (martian source, two lines each), within its one limit for all network messages (10 in 5 seconds): up to 40 MB of log a day.';

/** What setting the wanted value of a sysctl costs, by sysctl. What is not here depends on the value and the host. */
const SYSCTL_COSTS: Readonly<Record<string, string>> = {
  accept_source_route:
    'None for ordinary traffic. Packets with a source route, such as those of traceroute -g, no longer pass this host or reach it.',
  log_martians: MARTIANS,
  rp_filter:
    'The kernel drops packets whose answer would leave by another interface (1) or by none (2). 1 breaks asymmetric routes.',
  accept_redirects: 'Routers can no longer redirect this host to a shorter route.',
  secure_redirects: 'Gateways can no longer redirect this host to a shorter route.',
  send_redirects: 'This host no longer tells its neighbours of a shorter route.',
  icmp_echo_ignore_broadcasts: 'This host no longer answers a ping to a broadcast or multicast address.',
  icmp_ignore_bogus_error_responses: 'None. The log lines about such answers end.',
  dmesg_restrict: 'Users without CAP_SYSLOG, this exporter among them, can no longer read the kernel log.',
};

/** Returns what it costs to set the wanted value of a sysctl, in a sentence or two. */
export function sysctlCosts(sysctl: string): string {
  return SYSCTL_COSTS[sysctl] ?? `Anything that relies on the present value of ${sysctl} behaves differently.`;
}
