/** The last minute is kept in slices of so many seconds. */
const SLICE_SECONDS = 10;
const SLICES = 6;
/** Counters of a slice: what is missing in a count is less than 1/257 of the slice. */
const COUNTERS = 256;

/** One slice of time. */
interface Slice {
  /** Number of the slice: seconds / SLICE_SECONDS. */
  index: number;
  total: number;
  counts: Map<string, number>;
}

/** A summary as plain data: slices by their age in slices, total, and counters. */
export type HeavyHittersState = readonly (readonly [number, number, readonly (readonly [string, number])[]])[];

/**
 * Who sends a large share of a stream of any number of labels, in bounded memory: a Misra-Gries summary for each 10 seconds of the last
 * minute (J. Misra, D. Gries, Finding repeated elements, 1982). It finds the same labels as Space-Saving with as many counters (the
 * two are isomorphic: Agarwal et al., Mergeable summaries, 2012), and its counts are never more than the truth, so that a label
 * that is called heavy has sent what is said of it.
 */
export class HeavyHitters {
  #slices: Slice[] = [];

  /** Takes a label, how often it occurred, and the time in seconds, which never goes back. */
  add(label: string, times: number, clock: number): void {
    const slice = this.#slice(clock);
    slice.total += times;
    const { counts } = slice;
    const known = counts.get(label);
    if (known !== undefined) counts.set(label, known + times);
    else if (counts.size < COUNTERS) counts.set(label, times);
    else slice.counts = insertWhenFull(counts, label, times);
  }

  /** Counts what needs no watching in the total. */
  pass(times: number, clock: number): void {
    this.#slice(clock).total += times;
  }

  /** The labels that sent at least a share (0 to 1) of the last minute, and at least twice. Counts fall short of the truth by less than 1/257 of the minute. */
  heavierThan(share: number, clock: number): string[] {
    this.#slice(clock);
    const sums = new Map<string, number>();
    let total = 0;
    for (const slice of this.#slices) {
      total += slice.total;
      for (const [label, count] of slice.counts) sums.set(label, (sums.get(label) ?? 0) + count);
    }
    const least = Math.max(2, share * total);
    return [...sums].filter(([, count]) => count >= least).map(([label]) => label);
  }

  state(clock: number): HeavyHittersState {
    const { index } = this.#slice(clock);
    return this.#slices.map((slice) => [index - slice.index, slice.total, [...slice.counts]]);
  }

  /** Takes a state and how long ago it was, in seconds. */
  restore(state: HeavyHittersState, clock: number, elapsed: number): void {
    const now = Math.floor(clock / SLICE_SECONDS);
    const passed = Math.floor(elapsed / SLICE_SECONDS);
    this.#slices = state.map(([age, total, counts]) => ({ index: now - age - passed, total, counts: new Map(counts) }));
    this.#slice(clock);
  }

  /** The slice of a time; those that are a minute old are forgotten. */
  #slice(clock: number): Slice {
    const index = Math.floor(clock / SLICE_SECONDS);
    const last = this.#slices.at(-1);
    if (last?.index === index) return last;
    const slice = { index, total: 0, counts: new Map<string, number>() };
    this.#slices = [...this.#slices.filter((old) => old.index > index - SLICES), slice];
    return slice;
  }
}

/**
 * Each counter, the new one's too, is lowered until one is free or the new one is used up. Gives a new map: one from which much is deleted
 * makes a new table now and then, each dead one keeps its successor alive, and a flood would fill the old generation with them.
 */
function insertWhenFull(full: Map<string, number>, label: string, times: number): Map<string, number> {
  let counts = full;
  let rest = times;
  while (rest > 0 && counts.size >= COUNTERS) {
    let least = rest;
    for (const count of counts.values()) if (count < least) least = count;
    rest -= least;
    const lowered = new Map<string, number>();
    for (const [other, count] of counts) if (count > least) lowered.set(other, count - least);
    counts = lowered;
  }
  if (rest > 0) counts.set(label, rest);
  return counts;
}
