/**
 * Takes the text of /proc/net/if_inet6 (if6_seq_show, net/ipv6/addrconf.c), returns this host's own IPv6 addresses, one
 * a line, written out in full. Only the first field is looked at; the last is an interface name, any bytes:
 *
 *     fe8000000000000000fc00fffe000001 04 40 20 80     eth0
 *
 * Pure; throws nothing, a line of another form is passed over.
 */
export function parseIfInet6(text: string): string[] {
  return [...text.matchAll(/^([0-9a-f]{32}) /gm)].map(([, digits = '']) => digits.replace(/(.{4})(?=.)/g, '$1:'));
}
