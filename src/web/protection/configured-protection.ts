import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { clientNetwork } from '../client-network.ts';
import type { TlsConfig, WebConfig } from '../config/web-config.ts';
import { oneLine } from '../one-line.ts';
import type { Protection } from '../protection.ts';
import { sendText } from '../send-text.ts';
import { Busy } from './fair-queue.ts';
import { parseCredentials } from './parse-credentials.ts';
import { Passwords } from './passwords.ts';
import { RateLimiter } from './rate-limiter.ts';
import { createTlsServer } from './tls-server.ts';

/**
 * Makes the protection that a web configuration asks for.
 *
 * @param current gives the configuration in force; it is asked at each connection and each request
 * @param clock milliseconds, for the rate limit
 * @param onError takes one line for a request that could not be judged
 */
export function configuredProtection(
  current: () => WebConfig,
  clock: () => number,
  onError: (message: string) => void,
): Protection {
  const letInBy = new WeakMap<Socket, TlsConfig>();
  const limiter = new RateLimiter(clock);
  const passwords = new Passwords();

  return {
    createServer(limits) {
      const { tls } = current();
      if (tls === undefined) return createServer(limits);
      return createTlsServer(
        limits,
        () => current().tls ?? tls,
        (socket, by) => letInBy.set(socket, by),
      );
    },
    protect: (handler) => async (request, response) => {
      const { tls, headers, users, rateLimit } = current();
      // A client that was let in by certificates of before must come in again.
      if (letInBy.get(request.socket) !== tls) response.shouldKeepAlive = false;
      for (const [name, value] of headers) response.setHeader(name, value);
      if (!limiter.allow(rateLimit)) return sendText(response, 429, 'Too many requests, try again later');
      if (users.size > 0 && !(await isUser(users, request, response))) return;
      // What left in the meantime has had its `close` already; a handler that waits for it would wait for ever.
      if (!request.socket.destroyed) handler(request, response);
    },
  };

  /** Whether the request comes from a user; if not, it is answered. */
  async function isUser(
    users: ReadonlyMap<string, string>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<boolean> {
    const credentials = parseCredentials(request.headers.authorization);
    try {
      const client = clientNetwork(request.socket.remoteAddress);
      if (credentials && (await passwords.areRight(users, credentials, client))) return true;
      response.setHeader('WWW-Authenticate', 'Basic realm="srcroute-exporter", charset="UTF-8"');
      sendText(response, 401, 'Unauthorized');
    } catch (error) {
      if (!(error instanceof Busy)) onError(`Cannot check a password: ${oneLine(error)}`);
      sendText(response, 503, 'Too many passwords to check, try again later');
    }
    return false;
  }
}
