import type { SecureContextOptions } from 'node:tls';
import type { ClientAuthType } from './client-auth.ts';

/** What a web configuration file says, with the certificates it names. */
export interface WebConfig {
  /** Undefined: plain HTTP. */
  readonly tls: TlsConfig | undefined;
  /** Headers of every response, by name. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bcrypt hashes by user name; without users nobody has to authenticate. */
  readonly users: ReadonlyMap<string, string>;
  /** Undefined: no limit. */
  readonly rateLimit: RateLimit | undefined;
}

/** TLS as the server needs it. */
export interface TlsConfig {
  /** Certificate, key, authority, versions, ciphers and curves. */
  readonly context: SecureContextOptions;
  readonly clientAuthType: ClientAuthType;
  /** Names one of which a client's certificate must have; undefined when any will do. */
  readonly allowedSans: ReadonlySet<string> | undefined;
}

/** A token bucket over all requests. */
export interface RateLimit {
  /** Milliseconds in which one more request is allowed. */
  readonly interval: number;
  /** Requests that may come at once. 0 refuses every one. */
  readonly burst: number;
}
