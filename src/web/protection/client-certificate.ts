import type { TLSSocket } from 'node:tls';
import { CLIENT_AUTH } from '../config/client-auth.ts';
import { subjectNames } from '../config/subject-names.ts';
import type { TlsConfig } from '../config/web-config.ts';

/**
 * Takes a socket after its handshake and what is asked of clients, returns whether the client may go on. With allowed names
 * a client without a certificate may not, whatever the type: it has none of them.
 */
export function hasValidCertificate(
  socket: Pick<TLSSocket, 'authorized' | 'getPeerX509Certificate'>,
  { clientAuthType, allowedSans }: Pick<TlsConfig, 'clientAuthType' | 'allowedSans'>,
): boolean {
  const { asked, required, verified } = CLIENT_AUTH[clientAuthType];
  if (!asked) return true;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return !required && allowedSans === undefined;
  if (verified && !socket.authorized) return false;
  return allowedSans === undefined || subjectNames(certificate).some((name) => allowedSans.has(name));
}
