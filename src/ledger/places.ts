import { HeavyHitters, type HeavyHittersState } from './heavy-hitters.ts';

/** Replacements are limited by the hour: each is a series that ends and one that begins, here and in Prometheus. */
const HOUR_SECONDS = 3600;
/** How often heavy hitters and the expired are looked for, in seconds. */
const REVIEW_SECONDS = 1;
/** A source with this share of the last minute is to be named … */
const HEAVY_SHARE = 0.02;
/** … and as the summary can fall short of the truth by 1/257 of the minute, it is named from here on. */
const CERTAINTY = 0.75;
/** Places of one group: a quarter, but never so few. */
const LEAST_GROUP_PLACES = 8;

/** One label that has a place. */
interface Place {
  count: number;
  /** In seconds of the clock. */
  lastSeen: number;
  /** It got its place by its share of the stream, and does not count among its group's. */
  readonly proven: boolean;
  group: string | undefined;
}

/** A table as plain data: times are ages in seconds. */
export interface PlacesState {
  /** Label, count, age, whether it is proven, group. */
  readonly named: readonly (readonly [string, number, number, boolean, string | null])[];
  readonly other: number;
  readonly expired: number;
  readonly namings: number;
  readonly exhausted: number;
  readonly used: number;
  readonly replacements: readonly number[];
  readonly heavy: HeavyHittersState;
}

/**
 * Admits labels where they are born: at most so many are named, the rest is counted as one. Places go to whoever comes first, a
 * quarter of them at most to one group; later to labels that prove to send a large share, and to whoever comes when an old one has
 * fallen silent, but only so many an hour. The sum of named, other and expired is what was added, always.
 */
export class Places {
  readonly max: number;
  /** Counted without a place. */
  other = 0;
  /** Counts of those that gave their place back. */
  expired = 0;
  /** Labels that got a place. */
  namings = 0;
  /** Times a label got no place only because the hour's replacements were spent. */
  exhausted = 0;
  readonly #expireAfter: number;
  readonly #groupPlaces: number;
  readonly #places = new Map<string, Place>();
  /** Places taken by each group, without the proven. */
  readonly #groups = new Map<string, number>();
  readonly #heavy = new HeavyHitters();
  /** Places that were ever taken: taking one for the first time replaces nobody. */
  #used = 0;
  /** When the last replacements were, oldest first. */
  #replacements: number[] = [];
  #reviewed = Number.NEGATIVE_INFINITY;

  /** Takes how many labels are named, and after how many seconds of silence a place is given back. */
  constructor(max: number, expireAfterSeconds: number) {
    this.max = max;
    this.#expireAfter = expireAfterSeconds;
    this.#groupPlaces = Math.max(LEAST_GROUP_PLACES, Math.floor(max / 4));
  }

  /** Labels that have a place. */
  get size(): number {
    return this.#places.size;
  }

  /** Labels that have a place, and their counts. */
  get named(): [string, number][] {
    return [...this.#places].map(([label, { count }]) => [label, count]);
  }

  /** The group of a label that has a place. */
  groupOf(label: string): string | undefined {
    return this.#places.get(label)?.group;
  }

  /** Takes a label, its group (undefined for one that may have any number of places), how often it occurred, and the time in seconds, which never goes back. */
  add(label: string, group: string | undefined, times: number, clock: number): void {
    if (clock >= this.#reviewed + REVIEW_SECONDS) this.review(clock);
    const place = this.#places.get(label) ?? this.#admit(label, group, clock);
    if (place === undefined) {
      this.other += times;
      this.#heavy.add(label, times, clock);
    } else {
      place.count += times;
      place.lastSeen = clock;
      place.group ??= group;
      this.#heavy.pass(times, clock);
    }
  }

  /** Takes places back from the silent and gives places to the heavy. */
  review(clock: number): void {
    this.#reviewed = clock;
    for (const [label, place] of this.#places) {
      if (clock - place.lastSeen >= this.#expireAfter) this.#expire(label, place);
    }
    // No more labels than half the places can be as heavy as this at one time.
    const share = CERTAINTY * Math.max(HEAVY_SHARE, 2 / this.max);
    for (const label of this.#heavy.heavierThan(share, clock))
      if (!this.#places.has(label)) this.#admitHeavy(label, clock);
  }

  state(clock: number): PlacesState {
    return {
      named: [...this.#places].map(([label, { count, lastSeen, proven, group }]) => [
        label,
        count,
        clock - lastSeen,
        proven,
        group ?? null,
      ]),
      other: this.other,
      expired: this.expired,
      namings: this.namings,
      exhausted: this.exhausted,
      used: this.#used,
      replacements: this.#replacements.map((time) => clock - time),
      heavy: this.#heavy.state(clock),
    };
  }

  /** Takes a state and how long ago it was, in seconds. What has no place any more (a lower maximum) has expired. */
  restore(state: PlacesState, clock: number, elapsed: number): void {
    this.other = state.other;
    this.expired = state.expired;
    this.namings = state.namings;
    this.exhausted = state.exhausted;
    this.#used = Math.min(state.used, this.max);
    this.#replacements = state.replacements.map((age) => clock - age - elapsed).slice(-this.max);
    this.#heavy.restore(state.heavy, clock, elapsed);
    const named = state.named.length > this.max ? state.named.toSorted((a, b) => b[1] - a[1]) : state.named;
    for (const [label, count, age, proven, group] of named) {
      const place = { count, lastSeen: clock - age - elapsed, proven, group: group ?? undefined };
      if (this.size < this.max) this.#take(label, place);
      else this.expired += count;
    }
  }

  /** A place for whoever comes first, if one is free and its group has not too many. */
  #admit(label: string, group: string | undefined, clock: number): Place | undefined {
    if (this.size >= this.max) return undefined;
    if (group !== undefined && (this.#groups.get(group) ?? 0) >= this.#groupPlaces) return undefined;
    if (!this.#mayName(clock)) return undefined;
    return this.#name(label, { count: 0, lastSeen: clock, proven: false, group });
  }

  /** A place for one that has proven its share, if need be that of the one who has sent least. What it sent before stays in other. */
  #admitHeavy(label: string, clock: number): void {
    if (!this.#mayName(clock)) return;
    if (this.size >= this.max) this.#expire(...this.#least());
    this.#name(label, { count: 0, lastSeen: clock, proven: true, group: undefined });
  }

  /** Counts the replacement, if it is one and there is one left. */
  #mayName(clock: number): boolean {
    if (this.size < this.max && this.#used < this.max) {
      this.#used += 1;
      return true;
    }
    while ((this.#replacements[0] ?? clock) <= clock - HOUR_SECONDS) this.#replacements.shift();
    if (this.#replacements.length >= this.max) {
      this.exhausted += 1;
      return false;
    }
    this.#replacements.push(clock);
    return true;
  }

  #name(label: string, place: Place): Place {
    this.namings += 1;
    this.#take(label, place);
    return place;
  }

  #take(label: string, place: Place): void {
    this.#places.set(label, place);
    if (place.group !== undefined && !place.proven)
      this.#groups.set(place.group, (this.#groups.get(place.group) ?? 0) + 1);
  }

  #expire(label: string, { count, group, proven }: Place): void {
    this.#places.delete(label);
    this.expired += count;
    if (group === undefined || proven) return;
    const left = (this.#groups.get(group) ?? 0) - 1;
    if (left > 0) this.#groups.set(group, left);
    else this.#groups.delete(group);
  }

  /** Who is given up for a heavy one. */
  #least(): [string, Place] {
    let least: [string, Place] | undefined;
    for (const entry of this.#places) if (least === undefined || isLess(entry[1], least[1])) least = entry;
    return least as [string, Place];
  }
}

/** Those who came first before the proven; of these who has sent least, because a spoofed address is used once; then who is silent longest. */
function isLess(a: Place, b: Place): boolean {
  if (a.proven !== b.proven) return b.proven;
  if (a.count !== b.count && !a.proven) return a.count < b.count;
  return a.lastSeen < b.lastSeen;
}
