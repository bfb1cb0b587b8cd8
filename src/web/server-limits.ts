/**
 * What a client may cost. Times are milliseconds.
 *
 * Which timeout holds when: from the connection to the end of the headers `headersTimeout`, to the end of the body
 * `requestTimeout`, both looked at every `connectionsCheckingInterval`; while a response is due, `inactivityTimeout` of
 * silence or `responseTimeout` in all; between two requests only `keepAliveTimeout`, because Node replaces the inactivity
 * timer by it after each response and puts it back with the next request.
 */
export interface ServerLimits {
  headersTimeout: number;
  requestTimeout: number;
  keepAliveTimeout: number;
  inactivityTimeout: number;
  responseTimeout: number;
  connectionsCheckingInterval: number;
  /** How long a stop waits for responses under way before it cuts them. */
  closeGrace: number;
  /** Bytes of request line and headers together. */
  maxHeaderSize: number;
  /** Open connections per address; more are closed at once. */
  maxConnections: number;
}

/** The limits that hold unless others are given. */
export const SERVER_LIMITS: ServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  // Longer than the usual scrape interval, so that Prometheus scrapes over one connection.
  keepAliveTimeout: 75_000,
  inactivityTimeout: 30_000,
  // A reader that takes a few bytes now and then is never inactive; this is what ends it.
  responseTimeout: 60_000,
  connectionsCheckingInterval: 1_000,
  closeGrace: 1_000,
  maxHeaderSize: 16 * 1024,
  maxConnections: 512,
};
