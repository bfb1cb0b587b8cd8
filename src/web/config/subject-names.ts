import type { X509Certificate } from 'node:crypto';
import { isIPv6, SocketAddress } from 'node:net';

/**
 * Takes a certificate, returns its subject alternative names that are DNS names, mail addresses, IP addresses (canonical)
 * and URIs. Node.js puts a value in which something could be taken for another entry in JSON quotes: a name that holds
 * `a, DNS:b` is one name.
 */
export function subjectNames({ subjectAltName = '' }: Pick<X509Certificate, 'subjectAltName'>): string[] {
  const entries = subjectAltName.matchAll(/(?:^|, )([^:,"]+):("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return [...entries].flatMap(([, kind = '', value = '']) => {
    if (!['DNS', 'email', 'IP Address', 'URI'].includes(kind)) return [];
    return [canonicalName(value.startsWith('"') ? JSON.parse(value) : value)];
  });
}

/** Takes a name, returns it as it is compared: an IPv6 address in its one short form, anything else unchanged. */
export function canonicalName(name: string): string {
  return isIPv6(name) ? new SocketAddress({ address: name, family: 'ipv6' }).address : name;
}
