import type { Family } from '../policy/policy.ts';

/** What a sysctl of interfaces is before anything writes to it; undefined where that depends on something else. */
interface ConfDefault {
  readonly all: number | undefined;
  /** Of `default`, and of every interface for want of another. */
  readonly default: number | undefined;
}

const OFF: ConfDefault = { all: 0, default: 0 };
const ON: ConfDefault = { all: 1, default: 1 };
// Turning forwarding on or off writes to these.
const BY_FORWARDING: ConfDefault = { all: undefined, default: undefined };

/**
 * The kernel's own values, by ipv4_devconf and ipv4_devconf_dflt (net/ipv4/devinet.c), ipv6_devconf and
 * ipv6_devconf_dflt (net/ipv6/addrconf.c). What is not here is not certain.
 */
export const CONF_DEFAULTS: Readonly<Record<Family, ReadonlyMap<string, ConfDefault>>> = {
  ipv4: new Map([
    ['accept_source_route', { all: 0, default: 1 }],
    ['accept_redirects', { all: undefined, default: 1 }],
    ['secure_redirects', ON],
    ['send_redirects', ON],
    ['shared_media', ON],
    ['log_martians', OFF],
    ['rp_filter', OFF],
    ['src_valid_mark', OFF],
    ['accept_local', OFF],
    ['route_localnet', OFF],
    ['bootp_relay', OFF],
    ['forwarding', BY_FORWARDING],
    ['mc_forwarding', OFF],
    ['proxy_arp', OFF],
    ['proxy_arp_pvlan', OFF],
    ['arp_filter', OFF],
    ['arp_announce', OFF],
    ['arp_ignore', OFF],
    ['arp_notify', OFF],
    ['drop_gratuitous_arp', OFF],
    ['drop_unicast_in_l2_multicast', OFF],
  ]),
  ipv6: new Map([
    ['accept_source_route', OFF],
    ['accept_redirects', ON],
    ['accept_ra', ON],
    ['autoconf', ON],
    ['drop_unicast_in_l2_multicast', OFF],
    ['drop_unsolicited_na', OFF],
    ['seg6_enabled', OFF],
    ['rpl_seg_enabled', OFF],
    ['seg6_require_hmac', OFF],
  ]),
};

/**
 * The same for sysctls that there is one of, by their path below /proc/sys (net/ipv4/icmp.c, net/ipv6/icmp.c,
 * net/core/utils.c). kernel/dmesg_restrict depends on how the kernel was built; net/ipv4/icmp_msgs_* and
 * net/ipv6/icmp/ratelimit on its version.
 */
export const GLOBAL_DEFAULTS: ReadonlyMap<string, number> = new Map([
  ['net/ipv4/icmp_echo_ignore_all', 0],
  ['net/ipv4/icmp_echo_ignore_broadcasts', 1],
  ['net/ipv4/icmp_ignore_bogus_error_responses', 1],
  ['net/ipv4/icmp_ratelimit', 1_000],
  ['net/ipv4/icmp_ratemask', 6_168],
  ['net/ipv6/icmp/error_anycast_as_unicast', 0],
  ['net/core/message_cost', 5],
  ['net/core/message_burst', 10],
]);
