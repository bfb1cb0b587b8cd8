import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerClientErrors } from './client-error.ts';
import { Connections } from './connections.ts';
import type { ListenAddress } from './listen-address.ts';
import { listenError } from './listen-error.ts';
import { oneLine } from './one-line.ts';
import { SERVER_LIMITS, type ServerLimits } from './server-limits.ts';

/** Servers that listen. */
export interface WebServer {
  /** What was really bound, as `host:port` or `[ipv6]:port`, in the order given. */
  addresses: readonly string[];
  /** Stops: resolves within the grace and a moment, whatever clients do. May be called again. */
  close(): Promise<void>;
}

/**
 * Listens on every address with one server each.
 *
 * @param limits replaces some of the limits on clients
 * @param onError takes one line for a connection that could not be accepted; the server goes on
 * @throws {Error} of one line for the first address that cannot be had; the ones before it are closed again
 */
export async function listen(
  handler: RequestListener,
  addresses: readonly ListenAddress[],
  limits: Partial<ServerLimits> = {},
  onError: (message: string) => void = () => {},
): Promise<WebServer> {
  const all = { ...SERVER_LIMITS, ...limits };
  const opened: { address: ListenAddress; bound: string; connections: Connections }[] = [];
  const closeAll = async () => {
    await Promise.all(opened.map(({ connections }) => connections.close()));
  };
  for (const address of addresses) {
    const server = createServer(all);
    const connections = guard(server, all);
    server.on('request', handler);
    try {
      await bind(server, address);
    } catch (error) {
      await closeAll();
      const taken = opened.map((other) => other.address);
      throw listenError(address, error, taken);
    }
    // Without a listener a failed accept, say for want of descriptors, would end the process.
    server.on('error', (error) => onError(`Cannot accept a connection on "${address.text}": ${oneLine(error)}`));
    opened.push({ address, bound: boundText(server), connections });
  }
  let closing: Promise<void> | undefined;
  return {
    addresses: opened.map(({ bound }) => bound),
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** Puts the limits on a server that are not options of its constructor; before the handler, so that they see every request. */
function guard(server: Server, limits: ServerLimits): Connections {
  server.timeout = limits.inactivityTimeout;
  server.maxConnections = limits.maxConnections;
  answerClientErrors(server);
  return new Connections(server, limits);
}

/** Without a host Node binds `::` for both families, and 0.0.0.0 where the kernel has no IPv6. */
async function bind(server: Server, { host, port }: ListenAddress): Promise<void> {
  server.listen(host === undefined ? { port } : { host, port });
  await once(server, 'listening');
}

function boundText(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}
