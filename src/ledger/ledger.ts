import type { EventKind, Family, KernelEvent } from '../event/event.ts';
import type { Origin } from '../event/origin.ts';
import type { AccountState, LedgerState } from './ledger-state.ts';

/** Labels that no address can be: events without a place of their own, and events without an address. */
export const OTHER = 'other';
export const UNKNOWN = 'unknown';

/** What is known of one kind of event. */
export interface EventAccount {
  readonly kind: EventKind;
  /** Every combination that can occur, from the start. Their sum is the number of events. */
  readonly totals: readonly { readonly family: Family; readonly origin: Origin; count: number }[];
  /** By address, and under OTHER and UNKNOWN. Their sum is the number of events too. */
  readonly sources: ReadonlyMap<string, number>;
  /** Addresses that have a place. */
  readonly trackedSources: number;
  /** Addresses that ever got a place. */
  readonly newSources: number;
  /** Seconds since the epoch. */
  readonly lastSeen: number | undefined;
}

/** Counts events: exactly in total, and by source for as many addresses as there are places. */
export class Ledger {
  readonly maxSources: number;
  /** The N of the kernel's `net_ratelimit: N callbacks suppressed`, added up. */
  suppressedMessages = 0;
  readonly #accounts: ReadonlyMap<string, Account>;

  /** Takes the kinds to keep accounts of, and how many addresses of each get a place. */
  constructor(kinds: readonly EventKind[], maxSources: number) {
    this.maxSources = maxSources;
    this.#accounts = new Map(kinds.map((kind) => [kind.name, new Account(kind)]));
  }

  /** The accounts, in the order of the table of kinds. */
  accounts(): EventAccount[] {
    return [...this.#accounts.values()];
  }

  /** Takes an event, where it comes from, how often it occurred, and when (seconds since the epoch). */
  count(event: KernelEvent, origin: Origin, times: number, time: number): void {
    this.#accounts.get(event.event)?.count(event, origin, times, time, this.maxSources);
  }

  /** Everything as plain data. */
  state(): LedgerState {
    const events = this.accounts().map((account) => [account.kind.name, accountState(account)] as const);
    return { suppressedMessages: this.suppressedMessages, events: Object.fromEntries(events) };
  }

  /** Goes on from what another process left. Addresses that find no place any more (a lower maxSources) go to OTHER. */
  restore({ suppressedMessages, events }: LedgerState): void {
    this.suppressedMessages += suppressedMessages;
    for (const [name, state] of Object.entries(events)) this.#accounts.get(name)?.restore(state, this.maxSources);
  }
}

function accountState({ totals, sources, newSources, lastSeen }: EventAccount): AccountState {
  return { totals, sources: [...sources], newSources, lastSeen };
}

class Account implements EventAccount {
  readonly kind: EventKind;
  readonly totals: EventAccount['totals'];
  readonly sources = new Map<string, number>();
  trackedSources = 0;
  newSources = 0;
  lastSeen: number | undefined;

  constructor(kind: EventKind) {
    this.kind = kind;
    const origins: Origin[] = ['local', 'known', 'external', ...(kind.canLackAddress ? (['unknown'] as const) : [])];
    this.totals = kind.families.flatMap((family) => origins.map((origin) => ({ family, origin, count: 0 })));
    if (kind.canLackAddress) this.sources.set(UNKNOWN, 0);
    this.sources.set(OTHER, 0);
  }

  count(event: KernelEvent, origin: Origin, times: number, time: number, maxSources: number): void {
    this.#addTotal(event.family, origin, times);
    this.#addSource(event.source ?? UNKNOWN, times, maxSources);
    this.lastSeen = Math.max(this.lastSeen ?? 0, time);
  }

  restore({ totals, sources, newSources, lastSeen }: AccountState, maxSources: number): void {
    for (const { family, origin, count } of totals) this.#addTotal(family, origin, count);
    for (const [label, count] of sources) this.#addSource(label, count, maxSources);
    this.newSources = newSources;
    this.lastSeen = lastSeen;
  }

  #addTotal(family: string, origin: string, times: number): void {
    const total = this.totals.find((row) => row.family === family && row.origin === origin);
    if (total === undefined) throw new RangeError(`Cannot count ${this.kind.name} of ${family} from ${origin}`);
    total.count += times;
  }

  #addSource(source: string, times: number, maxSources: number): void {
    const label = this.#place(source, maxSources);
    this.sources.set(label, (this.sources.get(label) ?? 0) + times);
  }

  /** The label an address is counted under. */
  #place(source: string, maxSources: number): string {
    if (this.sources.has(source)) return source;
    if (this.trackedSources >= maxSources) return OTHER;
    this.trackedSources += 1;
    this.newSources += 1;
    // A copy: the text of a slice keeps the whole chunk of the log that it was cut from.
    return Buffer.from(source, 'latin1').toString('latin1');
  }
}
