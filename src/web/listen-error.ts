import type { ListenAddress } from './listen-address.ts';

const ADVICE: Record<string, string> = {
  EADDRINUSE: 'the port is in use by another process; choose another with --web.listen-address',
  EACCES:
    'this user may not listen on that port; choose one above 1023 with --web.listen-address, or grant CAP_NET_BIND_SERVICE',
  EADDRNOTAVAIL:
    'this host has no such address; choose one of its own, or every address by ":port", with --web.listen-address',
  EAFNOSUPPORT: 'this host does not support that kind of address; choose another with --web.listen-address',
  ENOTFOUND: 'the host name does not resolve; correct it in --web.listen-address',
  EAI_AGAIN: 'the host name does not resolve for now; give an address instead with --web.listen-address',
};

/**
 * Turns what `listen` failed with into an Error of one line that names the address and what to do.
 *
 * @param taken the addresses that this process listens on already: "another process" would be a false lead.
 */
export function listenError(address: ListenAddress, cause: unknown, taken: readonly ListenAddress[]): Error {
  const { code = '', message = String(cause) } = cause as NodeJS.ErrnoException;
  const own = code === 'EADDRINUSE' ? taken.find(({ port }) => port === address.port) : undefined;
  const advice = own
    ? `the port is taken by --web.listen-address=${own.text} already; leave one of the two out`
    : (ADVICE[code] ?? `${message.replace(/\s+/g, ' ')}; check --web.listen-address`);
  return new Error(`Cannot listen on ${JSON.stringify(address.text)}: ${advice}`, { cause });
}
