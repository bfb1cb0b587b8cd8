import type { EventKind, Family, KernelEvent } from '../event/event.ts';
import type { Origin } from '../event/origin.ts';
import { subnetOf } from '../event/subnet.ts';
import { Places, type PlacesState } from './places.ts';

/** How many labels, and which. */
export interface LedgerBounds {
  /** Addresses named per event, and as many subnets. */
  readonly maxSources: number;
  readonly expireAfterSeconds: number;
  /** Prefix lengths of the subnet view. */
  readonly ipv4SubnetBits: number;
  readonly ipv6SubnetBits: number;
}

/** What is known of one kind of event. Its total is the sum of `totals`; that of `sources` and `unaddressed`; and that of `subnets` and `unaddressed`. */
export interface EventAccount {
  readonly kind: EventKind;
  /** Every combination that can occur, from the start. */
  readonly totals: readonly { readonly family: Family; readonly origin: Origin; count: number }[];
  readonly sources: Places;
  readonly subnets: Places;
  /** Events in which the kernel printed no address. */
  readonly unaddressed: number;
  /** Seconds since the epoch. */
  readonly lastSeen: number | undefined;
}

/** A ledger as plain data. */
export interface LedgerState {
  /** Seconds since the epoch. */
  readonly savedAt: number;
  readonly suppressedMessages: number;
  /** By event. */
  readonly events: Readonly<Record<string, AccountState>>;
}

/** What is known of one kind of event, as plain data. */
export interface AccountState {
  readonly totals: readonly { readonly family: string; readonly origin: string; readonly count: number }[];
  readonly sources: PlacesState;
  readonly subnets: PlacesState;
  readonly unaddressed: number;
  readonly lastSeen?: number | undefined;
}

/** Counts events: exactly in total, and by source and subnet within its bounds, whatever comes. */
export class Ledger {
  readonly bounds: LedgerBounds;
  /** The N of the kernel's `net_ratelimit: N callbacks suppressed`, added up. */
  suppressedMessages = 0;
  readonly #accounts: ReadonlyMap<string, Account>;

  constructor(kinds: readonly EventKind[], bounds: LedgerBounds) {
    this.bounds = bounds;
    this.#accounts = new Map(kinds.map((kind) => [kind.name, new Account(kind, bounds)]));
  }

  /** The accounts, in the order of the table of kinds, as they are at a time in seconds (see count). */
  accounts(clock: number): EventAccount[] {
    const accounts = [...this.#accounts.values()];
    for (const { sources, subnets } of accounts) {
      sources.review(clock);
      subnets.review(clock);
    }
    return accounts;
  }

  /** Takes an event, where it comes from, how often it occurred, when (seconds since the epoch), and the present in seconds of a clock that never goes back. */
  count(event: KernelEvent, origin: Origin, times: number, time: number, clock: number): void {
    this.#accounts.get(event.event)?.count(event, origin, times, time, clock);
  }

  /** Everything as plain data. Takes the present in seconds of the clock and since the epoch. */
  state(clock: number, now: number): LedgerState {
    const events = [...this.#accounts].map(([name, account]) => [name, account.state(clock)] as const);
    return { savedAt: now, suppressedMessages: this.suppressedMessages, events: Object.fromEntries(events) };
  }

  /** Goes on from what another process left. Takes the present as state does. */
  restore({ savedAt, suppressedMessages, events }: LedgerState, clock: number, now: number): void {
    const elapsed = Math.max(0, now - savedAt);
    this.suppressedMessages += suppressedMessages;
    for (const [name, state] of Object.entries(events)) this.#accounts.get(name)?.restore(state, clock, elapsed);
  }
}

class Account implements EventAccount {
  readonly kind: EventKind;
  readonly totals: { readonly family: Family; readonly origin: Origin; count: number }[];
  readonly sources: Places;
  readonly subnets: Places;
  unaddressed = 0;
  lastSeen: number | undefined;
  readonly #bounds: LedgerBounds;

  constructor(kind: EventKind, bounds: LedgerBounds) {
    this.kind = kind;
    this.#bounds = bounds;
    const origins: Origin[] = ['local', 'known', 'external', ...(kind.canLackAddress ? (['unknown'] as const) : [])];
    this.totals = kind.families.flatMap((family) => origins.map((origin) => ({ family, origin, count: 0 })));
    this.sources = new Places(bounds.maxSources, bounds.expireAfterSeconds);
    this.subnets = new Places(bounds.maxSources, bounds.expireAfterSeconds);
  }

  count({ family, source }: KernelEvent, origin: Origin, times: number, time: number, clock: number): void {
    const total = this.#total(family, origin);
    if (total === undefined) throw new RangeError(`Cannot count ${this.kind.name} of ${family} from ${origin}`);
    total.count += times;
    this.lastSeen = Math.max(this.lastSeen ?? 0, time);
    if (source === undefined) {
      this.unaddressed += times;
      return;
    }
    const { ipv4SubnetBits, ipv6SubnetBits } = this.#bounds;
    const subnet = this.sources.groupOf(source) ?? subnetOf(source, ipv4SubnetBits, ipv6SubnetBits);
    // A subnet may not take every place from the others; its own place is no one's group.
    this.sources.add(source, subnet, times, clock);
    this.subnets.add(subnet, undefined, times, clock);
  }

  state(clock: number): AccountState {
    const { totals, unaddressed, lastSeen } = this;
    return { totals, sources: this.sources.state(clock), subnets: this.subnets.state(clock), unaddressed, lastSeen };
  }

  restore(state: AccountState, clock: number, elapsed: number): void {
    for (const { family, origin, count } of state.totals) {
      const total = this.#total(family, origin);
      // A later release may tell more apart: what it counted stays as it is.
      if (total === undefined) this.totals.push({ family: family as Family, origin: origin as Origin, count });
      else total.count += count;
    }
    this.sources.restore(state.sources, clock, elapsed);
    this.subnets.restore(state.subnets, clock, elapsed);
    this.unaddressed = state.unaddressed;
    this.lastSeen = state.lastSeen;
  }

  #total(family: string, origin: string) {
    return this.totals.find((row) => row.origin === origin && row.family === family);
  }
}
