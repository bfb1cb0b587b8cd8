import { isIPv4, isIPv6 } from 'node:net';

/** One address to listen on. */
export interface ListenAddress {
  /** Host name or literal address without brackets; undefined means every address of the host, IPv4 and IPv6. */
  host: string | undefined;
  /** TCP port, 0 to 65535; 0 lets the system pick one. */
  port: number;
  /** What was given, for messages. */
  text: string;
}

const HOST_NAME = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/;

/**
 * Reads `:10131`, `127.0.0.1:9000`, `localhost:9000` or `[::1]:9000`.
 *
 * @throws {SyntaxError} on anything else, with one line that says which forms are accepted.
 */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[([^[\]]+)\]|([^[\]:]*)):([0-9]{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65535) throw refusal(text);
  const [, bracketed, plain = ''] = match;
  if (bracketed !== undefined) {
    if (!isIPv6(bracketed)) throw refusal(text);
    return { host: bracketed, port, text };
  }
  if (plain === '') return { host: undefined, port, text };
  // Digits and dots that are no address (`127.0.1`, `10131`) would go to the resolver, which reads them as other addresses.
  const valid = /^[0-9.]+$/.test(plain) ? isIPv4(plain) : HOST_NAME.test(plain);
  if (!valid) throw refusal(text);
  return { host: plain, port, text };
}

function refusal(text: string): SyntaxError {
  return new SyntaxError(
    `Cannot parse listen address ${JSON.stringify(text)}: expected "host:port", "[ipv6]:port" or ":port" with a port from 0 to 65535`,
  );
}
