import type { Combine, SysctlFamily } from './policy.ts';

/** Where a sysctl stands that there is one of, below `/proc/sys`; `text` marks a value that is no integer. */
export interface GlobalPlace {
  readonly directory: string;
  readonly text?: true;
}

/** By family: the rule `all` and the interface are combined by, or the place of a sysctl that there is one of. */
export type KnownSysctl = Readonly<Partial<Record<SysctlFamily, Combine | GlobalPlace>>>;

const NET_IPV4: GlobalPlace = { directory: 'net/ipv4' };
const NET_IPV6_ICMP: GlobalPlace = { directory: 'net/ipv6/icmp' };
const NET_CORE: GlobalPlace = { directory: 'net/core' };

/**
 * The sysctls a policy may name, by the last element of their path. A name that is not here is refused: a guessed rule
 * would give a confident and wrong effective value. Combining IPv4 is from include/linux/inetdevice.h and
 * net/ipv4/{arp,ip_input}.c, IPv6 from net/ipv6/{exthdrs,route,ndisc,seg6_hmac}.c; what there is one of from
 * net/ipv4/sysctl_net_ipv4.c, net/ipv6/icmp.c, net/core/sysctl_net_core.c and kernel/printk/sysctl.c.
 */
export const KNOWN_SYSCTLS: ReadonlyMap<string, KnownSysctl> = new Map<string, KnownSysctl>([
  ['accept_source_route', { ipv4: 'and', ipv6: 'min' }],
  // IPv6 never looks at `all` here.
  ['accept_redirects', { ipv4: 'redirects', ipv6: 'interface' }],
  ['secure_redirects', { ipv4: 'or' }],
  ['send_redirects', { ipv4: 'or' }],
  ['shared_media', { ipv4: 'or' }],
  ['log_martians', { ipv4: 'or' }],
  ['rp_filter', { ipv4: 'max' }],
  ['src_valid_mark', { ipv4: 'or' }],
  ['accept_local', { ipv4: 'or' }],
  ['route_localnet', { ipv4: 'or' }],
  ['bootp_relay', { ipv4: 'and' }],
  ['forwarding', { ipv4: 'interface' }],
  ['mc_forwarding', { ipv4: 'and' }],
  ['proxy_arp', { ipv4: 'or' }],
  ['proxy_arp_pvlan', { ipv4: 'interface' }],
  ['arp_filter', { ipv4: 'or' }],
  ['arp_announce', { ipv4: 'max' }],
  ['arp_ignore', { ipv4: 'max' }],
  ['arp_notify', { ipv4: 'max' }],
  ['drop_gratuitous_arp', { ipv4: 'or' }],
  ['drop_unicast_in_l2_multicast', { ipv4: 'or', ipv6: 'interface' }],
  ['drop_unsolicited_na', { ipv6: 'interface' }],
  ['accept_ra', { ipv6: 'interface' }],
  ['autoconf', { ipv6: 'interface' }],
  // The minimum of the two is taken as a truth value: a negative one enables, so a policy wants 0 and not `max: 0`.
  ['seg6_enabled', { ipv6: 'min' }],
  ['rpl_seg_enabled', { ipv6: 'min' }],
  ['seg6_require_hmac', { ipv6: 'interface' }],

  ['icmp_echo_ignore_broadcasts', { ipv4: NET_IPV4 }],
  ['icmp_ignore_bogus_error_responses', { ipv4: NET_IPV4 }],
  ['icmp_ratelimit', { ipv4: NET_IPV4 }],
  ['icmp_ratemask', { ipv4: NET_IPV4 }],
  ['icmp_msgs_per_sec', { ipv4: NET_IPV4 }],
  ['icmp_msgs_burst', { ipv4: NET_IPV4 }],
  ['ratelimit', { ipv6: NET_IPV6_ICMP }],
  // A bitmap of ICMPv6 types, as a list of ranges: `0-1,3-127` (proc_do_large_bitmap, kernel/sysctl.c).
  ['ratemask', { ipv6: { ...NET_IPV6_ICMP, text: true } }],
  ['error_anycast_as_unicast', { ipv6: NET_IPV6_ICMP }],
  // Only the initial network namespace has these two.
  ['message_cost', { '': NET_CORE }],
  ['message_burst', { '': NET_CORE }],
  ['dmesg_restrict', { '': { directory: 'kernel' } }],
]);
