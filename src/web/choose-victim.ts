/** What of a connection decides whether it must go. */
export interface Evictable {
  /** Those of the same client, this one included. */
  readonly crowd: { readonly size: number };
  /** Requests on it that have no whole response yet. */
  readonly answering: number;
}

/**
 * Takes connections, the longest without a request first, returns the one to close when there are too many: of the client
 * that has the most, one that waits for nothing before one that is being answered, and of these the first. Whoever holds
 * many so pays for them, and a client with one connection keeps it.
 */
export function chooseVictim<Connection extends Evictable>(connections: Iterable<Connection>): Connection | undefined {
  let victim: Connection | undefined;
  for (const each of connections) {
    if (victim === undefined || rank(each) > rank(victim)) victim = each;
  }
  return victim;
}

function rank({ crowd, answering }: Evictable): number {
  return 2 * crowd.size + (answering > 0 ? 0 : 1);
}
