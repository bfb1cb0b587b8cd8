/**
 * What a client may cost. Times are milliseconds.
 *
 * Which holds when: for a TLS handshake `headersTimeout`, and from there or from the connection to the end of the headers
 * as much, to the end of the request `requestTimeout`, both looked at every `connectionsCheckingInterval`. While a response
 * is due, `inactivityTimeout` of silence (Node takes up to twice that while a write is stuck) or `responseTimeout` in all.
 * Between two requests only `keepAliveTimeout` (Node 20 adds a second): it replaces the inactivity timer after each
 * response until the next request.
 */
export interface ServerLimits {
  headersTimeout: number;
  requestTimeout: number;
  keepAliveTimeout: number;
  inactivityTimeout: number;
  /** From the request to the last byte of its response, the scrape itself included. */
  responseTimeout: number;
  connectionsCheckingInterval: number;
  /** How long a stop waits for responses under way before it cuts them. */
  closeGrace: number;
  /** Bytes of request line and headers together. */
  maxHeaderSize: number;
  /** Open connections per address that is listened on; one more closes another, see `chooseVictim`. */
  maxConnections: number;
  /** Requests on one connection that have no whole response yet; one more cuts it. */
  maxPipelined: number;
}

/** The limits that hold unless others are given. */
export const SERVER_LIMITS: ServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  // Longer than the usual scrape interval, so that Prometheus scrapes over one connection.
  keepAliveTimeout: 75_000,
  inactivityTimeout: 30_000,
  // A reader that takes a few bytes now and then is never inactive; this ends it, and frees its place among the scrapes.
  responseTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  closeGrace: 1_000,
  maxHeaderSize: 16 * 1024,
  maxConnections: 512,
  // Neither Prometheus nor a browser sends a request before it has the last answer.
  maxPipelined: 16,
};
