import { isUtf8 } from 'node:buffer';

/** What a client gives to be known by. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Takes the value of an Authorization header, returns name and password of the Basic scheme (RFC 7617); undefined for anything else. */
export function parseCredentials(header: string | undefined): Credentials | undefined {
  const base64 = /^basic +((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/i.exec(header ?? '')?.[1];
  if (base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  const text = bytes.toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0 || !isUtf8(bytes)) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
