import type { EventKind } from '../../event/event.ts';
import { subnetOf } from '../../event/subnet.ts';
import type { Sighting } from '../lines/line-judge.ts';
import { AddressCounts, type AddressCountsState } from './address-counts.ts';
import { subnetKeys } from './subnet-key.ts';

/** The first and the last time of something, in seconds of one clock. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** The sources or the subnets of one kind of event. */
export interface Ranking {
  /** How many there were; undefined when not all were told apart. */
  readonly distinct: number | undefined;
  /** By how much a count can be too low, at most; 0 means that all are exact. */
  readonly short: number;
  readonly top: readonly { readonly label: string; readonly count: number }[];
}

/** What was found of one kind of event. */
export interface Finding {
  readonly kind: EventKind;
  readonly total: number;
  /** By the clock of the logs that told it: undefined where none did. */
  readonly epoch: Span | undefined;
  readonly boot: Span | undefined;
  readonly sources: Ranking;
  readonly subnets: Ranking;
}

/** Prefix lengths of subnets. */
export interface SubnetBits {
  readonly ipv4SubnetBits: number;
  readonly ipv6SubnetBits: number;
}

/** Findings as plain data, by kind. */
export type FindingsState = readonly {
  readonly total: number;
  readonly epoch: Span | undefined;
  readonly boot: Span | undefined;
  readonly sources: AddressCountsState;
  /** By the first address of the subnet. */
  readonly subnets: AddressCountsState;
}[];

/** Counts events in whatever order. Whoever looks back can name those who sent most; the exporter's ledger must name whoever comes first. */
export class Findings {
  readonly #found: ReadonlyMap<string, Found>;

  constructor(kinds: readonly EventKind[], bits: SubnetBits) {
    this.#found = new Map(kinds.map((kind) => [kind.name, new Found(kind, bits)]));
  }

  /** One for each kind, in the order of the table. Takes how many sources and subnets to name. */
  all(top: number): Finding[] {
    return [...this.#found.values()].map((found) => found.finding(top));
  }

  add(sighting: Sighting): void {
    this.#found.get(sighting.event.event)?.add(sighting);
  }

  /** Gives away what was counted, to be merged elsewhere. */
  take(): FindingsState {
    return [...this.#found.values()].map(({ total, epoch, boot, sources, subnets }) => ({
      total,
      epoch,
      boot,
      sources: sources.take(),
      subnets: subnets.take(),
    }));
  }

  /** Adds what another thread counted. */
  merge(state: FindingsState): void {
    [...this.#found.values()].forEach((found, index) => {
      const part = state[index];
      if (part !== undefined) found.merge(part);
    });
  }
}

class Found {
  readonly kind: EventKind;
  total = 0;
  epoch: Span | undefined;
  boot: Span | undefined;
  readonly sources: AddressCounts;
  /** Of sources that have no count any more: the others' is added up at the end. */
  readonly subnets = new AddressCounts();
  readonly #bits: SubnetBits;
  readonly #subnetKey: (key: Uint32Array) => Uint32Array;

  constructor(kind: EventKind, bits: SubnetBits) {
    this.kind = kind;
    this.#bits = bits;
    this.#subnetKey = subnetKeys(bits);
    this.sources = new AddressCounts((key, times) => this.subnets.addKey(this.#subnetKey(key), times));
  }

  add({ event: { source }, repeat, time, clock }: Sighting): void {
    this.total += repeat;
    if (source !== undefined) this.sources.add(source, repeat);
    if (time !== undefined) this[clock] = around(this[clock], time, time);
  }

  merge({ total, epoch, boot, sources, subnets }: FindingsState[number]): void {
    this.total += total;
    this.epoch = epoch === undefined ? this.epoch : around(this.epoch, epoch.first, epoch.last);
    this.boot = boot === undefined ? this.boot : around(this.boot, boot.first, boot.last);
    this.sources.merge(sources);
    this.subnets.merge(subnets);
  }

  finding(top: number): Finding {
    const { kind, total, epoch, boot, sources } = this;
    const subnets = new AddressCounts();
    subnets.merge(this.subnets.take());
    sources.forEach((key, count) => {
      subnets.addKey(this.#subnetKey(key), count);
    });
    const { ipv4SubnetBits, ipv6SubnetBits } = this.#bits;
    const labelOf = (address: string) => subnetOf(address, ipv4SubnetBits, ipv6SubnetBits);
    return { kind, total, epoch, boot, sources: ranking(sources, top), subnets: ranking(subnets, top, labelOf) };
  }
}

function around(span: Span | undefined, first: number, last: number): Span {
  if (span === undefined) return { first, last };
  return first >= span.first && last <= span.last
    ? span
    : { first: Math.min(first, span.first), last: Math.max(last, span.last) };
}

function ranking(counts: AddressCounts, most: number, labelOf = (address: string) => address): Ranking {
  return {
    distinct: counts.short === 0 ? counts.size : undefined,
    short: counts.short,
    top: counts.top(most).map(({ address, count }) => ({ label: labelOf(address), count })),
  };
}
