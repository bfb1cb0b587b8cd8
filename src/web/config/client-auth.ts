/** What is asked of a client at the TLS handshake. */
export interface ClientAuth {
  /** Whether it is asked for a certificate. */
  readonly asked: boolean;
  /** Whether it must give one. */
  readonly required: boolean;
  /** Whether the one it gives must be of the configured authority, within its time, and for clients. */
  readonly verified: boolean;
}

/** Meaning of `client_auth_type`: the ClientAuthType of Go's crypto/tls, and the older name that the exporter-toolkit still takes. */
export const CLIENT_AUTH = {
  NoClientCert: { asked: false, required: false, verified: false },
  RequestClientCert: { asked: true, required: false, verified: false },
  RequireAnyClientCert: { asked: true, required: true, verified: false },
  RequireClientCert: { asked: true, required: true, verified: false },
  VerifyClientCertIfGiven: { asked: true, required: false, verified: true },
  RequireAndVerifyClientCert: { asked: true, required: true, verified: true },
} as const satisfies Record<string, ClientAuth>;

export type ClientAuthType = keyof typeof CLIENT_AUTH;
