import type { Combine, Family } from './policy.ts';

/**
 * The per-interface sysctls a policy may name, with the rule the kernel combines `all` and the interface by. A name
 * that is not here is refused: a guessed rule would give a confident and wrong effective value. IPv4 is from
 * include/linux/inetdevice.h and net/ipv4/{arp,ip_input}.c, IPv6 from net/ipv6/{exthdrs,route,ndisc,seg6_hmac}.c.
 */
export const KNOWN_SYSCTLS: ReadonlyMap<string, Readonly<Partial<Record<Family, Combine>>>> = new Map<
  string,
  Partial<Record<Family, Combine>>
>([
  ['accept_source_route', { ipv4: 'and', ipv6: 'min' }],
  // IPv6 never looks at `all` here. IPv4 is `or` on a host and `and` on an interface that forwards
  // (IN_DEV_RX_REDIRECTS): `or` can only err towards a violation, and a router's policy may say `combine: and`.
  ['accept_redirects', { ipv4: 'or', ipv6: 'interface' }],
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
]);
