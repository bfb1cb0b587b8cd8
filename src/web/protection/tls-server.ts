import type { Server } from 'node:http';
import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { CLIENT_AUTH } from '../config/client-auth.ts';
import type { TlsConfig } from '../config/web-config.ts';
import type { ServerLimits } from '../server-limits.ts';
import { hasValidCertificate } from './client-certificate.ts';

/**
 * Makes an HTTPS server whose every connection is under what `current` gives by then: certificates and authorities may
 * change while it listens, who is asked for a certificate may not. It speaks HTTP/1.1.
 *
 * @param underWhich gets each connection that passed, with what it was let in by
 */
export function createTlsServer(
  limits: ServerLimits,
  current: () => TlsConfig,
  underWhich: (socket: TLSSocket, tls: TlsConfig) => void,
): Server {
  let applied = current();
  const { asked, required, verified } = CLIENT_AUTH[applied.clientAuthType];
  const server = createServer({
    ...limits,
    ...applied.context,
    requestCert: asked,
    // To Node this is "required and verified"; the other combinations are looked at after the handshake.
    rejectUnauthorized: required && verified,
    handshakeTimeout: limits.headersTimeout,
  });
  // Before the listener that starts the handshake.
  server.prependListener('connection', () => {
    const now = current();
    if (now === applied) return;
    server.setSecureContext(now.context);
    applied = now;
  });
  // Before the listener that reads requests.
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    if (hasValidCertificate(socket, applied)) underWhich(socket, applied);
    else socket.destroy();
  });
  // A status line, the answer to other errors, cannot be sent before the handshake.
  server.removeAllListeners('tlsClientError');
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}
