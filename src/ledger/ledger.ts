import type { EventKind, Family, KernelEvent } from '../event/event.ts';
import type { Origin } from '../event/origin.ts';

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
    const total = this.totals.find((row) => row.family === event.family && row.origin === origin);
    if (total === undefined) throw new RangeError(`Cannot count ${event.event} of ${event.family} from ${origin}`);
    total.count += times;
    const label = this.#place(event.source ?? UNKNOWN, maxSources);
    this.sources.set(label, (this.sources.get(label) ?? 0) + times);
    this.lastSeen = Math.max(this.lastSeen ?? 0, time);
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
