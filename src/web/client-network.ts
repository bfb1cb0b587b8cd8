/**
 * Takes the address of a client as the socket tells it, returns what one client can have many of: an IPv4 address, or the
 * first 64 bits of an IPv6 address, the least that a host is given. For telling clients apart, not for showing.
 */
export function clientNetwork(address = ''): string {
  // IPv4 on a socket of both families: ::ffff:192.0.2.1
  if (address.includes('.')) return address.slice(address.lastIndexOf(':') + 1);
  const [head = '', tail] = address.split('::');
  const [left, right] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':');
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
