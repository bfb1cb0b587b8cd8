// Kernel messages as the kernel words them. Addresses are of the ranges set aside for benchmarks: 198.18.0.0/15, 2001:2::/48.

// Neighbours are in different subnets: of one subnet only a quarter would have places.
/** @param {number} host */
const ipv4 = (host) => `198.18.${host & 255}.${(host >> 8) & 255}`;
/** @param {number} host */
const ipv6 = (host) => `2001:2:0:${(host & 0xffff).toString(16)}::1`;
/** As netfilter prints it. @param {number} host */
const paddedIpv6 = (host) => `2001:0002:0000:${(host & 0xffff).toString(16).padStart(4, '0')}:0000:0000:0000:0001`;

/** What each kind of event looks like, for the host of a number. @type {Record<string, (host: number) => string>} */
export const EVENTS = {
  icmpv6_no_reply: (host) => `IPv6: icmp6_send: no reply to icmp error [${ipv6(host)} > 2001:2:0:ffff::2]`,
  source_route_failed: (host) => `icmp: ${ipv4(host)}: Source Route Failed`,
  source_route_option: (host) => `IPv4: source route option ${ipv4(host)} -> 198.19.0.1`,
  source_route_attempt: (host) => (host % 2 === 0 ? attemptIpv4(host) : attemptIpv6(host)),
};

/** @param {number} host */
export const attemptIpv4 = (host) =>
  `SRC ROUTE ATTEMPT: IN=eth0 OUT= MAC=52:54:00:12:34:56:52:54:00:65:43:21:08:00 SRC=${ipv4(host)} DST=198.19.0.1 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=${host} PROTO=ICMP TYPE=8 CODE=0 ID=1 SEQ=1 `;
/** @param {number} host */
export const attemptIpv6 = (host) =>
  `SRC ROUTE ATTEMPT: IN=eth0 OUT= MAC=52:54:00:12:34:56:52:54:00:65:43:21:86:dd SRC=${paddedIpv6(host)} DST=2001:0002:0000:ffff:0000:0000:0000:0002 LEN=88 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=ICMPv6 TYPE=128 CODE=0 ID=1 SEQ=1 `;

/** What else a kernel says, among it a firewall's lines that are none of ours. @type {readonly ((n: number) => string)[]} */
export const ORDINARY = [
  (n) => `br0: port ${n % 9}(veth${n.toString(16)}) entered blocking state`,
  (n) => `eth0: renamed from veth${n.toString(16)}`,
  (n) => `EXT4-fs (sda${n % 9}): mounted filesystem with ordered data mode. Opts: (null)`,
  (n) =>
    `audit: type=1400 audit(1795340417.${n}:${n}): apparmor="ALLOWED" operation="open" profile="snap.app" pid=${n} comm="app"`,
  (n) => `TCP: request_sock_TCP: Possible SYN flooding on port ${n}. Sending cookies.  Check SNMP counters.`,
  (n) =>
    `[UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:12:34:56:52:54:00:65:43:21:08:00 SRC=${ipv4(n)} DST=198.19.0.1 LEN=40 TOS=0x00 PREC=0x00 TTL=245 ID=${n} PROTO=TCP SPT=${n} DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0 `,
  (n) => `usb 1-1: new high-speed USB device number ${n % 127} using xhci_hcd`,
  (n) => `IPv4: martian source 198.19.0.1 from ${ipv4(n)}, on dev eth0`,
];
