/** A ledger as plain data. */
export interface LedgerState {
  readonly suppressedMessages: number;
  /** By event. */
  readonly events: Readonly<Record<string, AccountState>>;
}

/** What is known of one kind of event, as plain data. */
export interface AccountState {
  readonly totals: readonly { readonly family: string; readonly origin: string; readonly count: number }[];
  /** Label and count. */
  readonly sources: readonly (readonly [string, number])[];
  readonly newSources: number;
  readonly lastSeen?: number | undefined;
}
