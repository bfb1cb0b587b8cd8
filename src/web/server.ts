import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerClientErrors } from './client-error.ts';
import { Connections } from './connections.ts';
import type { ListenAddress } from './listen-address.ts';
import { listenError } from './listen-error.ts';
import { oneLine } from './one-line.ts';
import { NO_PROTECTION, type Protection } from './protection.ts';
import { SERVER_LIMITS, type ServerLimits } from './server-limits.ts';

// Connections that wait to be accepted (the kernel allows net.core.somaxconn, 4096). With Node's 511 a thousand that come at
// once fill it, and whoever comes next tries again only after a second.
const BACKLOG = 4096;

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
 * @param protection what must be passed before the handler; by default nothing
 * @throws {Error} of one line for the first address that cannot be had; the ones before it are closed again
 */
export async function listen(
  handler: RequestListener,
  addresses: readonly ListenAddress[],
  limits: Partial<ServerLimits> = {},
  onError: (message: string) => void = () => {},
  protection: Protection = NO_PROTECTION,
): Promise<WebServer> {
  const all = { ...SERVER_LIMITS, ...limits };
  const guarded = protection.protect(handler);
  const opened: { address: ListenAddress; bound: string; connections: Connections }[] = [];
  const closeAll = async () => {
    await Promise.all(opened.map(({ connections }) => connections.close()));
  };
  for (const address of addresses) {
    const server = protection.createServer(all);
    const connections = guard(server, all, guarded);
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

/** Puts the limits on a server that are not options of its constructor, and the handler behind them. */
function guard(server: Server, limits: ServerLimits, handler: RequestListener): Connections {
  server.timeout = limits.inactivityTimeout;
  answerClientErrors(server);
  const connections = new Connections(server, limits);
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    if (!connections.admit(request, response)) return;
    // No body is read, and so nothing after it on the same connection.
    if (hasBody(request)) response.shouldKeepAlive = false;
    handler(request, response);
  };
  server.on('request', onRequest);
  // Without a listener Node would ask for the body.
  server.on('checkContinue', onRequest);
  return connections;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

/** Without a host Node binds `::` for both families, and 0.0.0.0 where the kernel has no IPv6. */
async function bind(server: Server, { host, port }: ListenAddress): Promise<void> {
  server.listen({ port, backlog: BACKLOG, ...(host !== undefined && { host }) });
  await once(server, 'listening');
}

function boundText(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}
