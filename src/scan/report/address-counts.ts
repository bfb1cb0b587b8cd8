import { formatIpv4, formatIpv6 } from '../../event/format-address.ts';
import { parseIpv4, parseIpv6 } from '../../event/parse-address.ts';

/** Words of a key: an IPv6 address, or an IPv4 address as IPv6 maps it. */
const WORDS = 4;
const MAPPED = 0xffff;
/** Places of a table. Memory that is not touched costs nothing; a table that grew would leave the smaller ones behind as garbage. */
const CAPACITY = 65_536;
/** So many addresses are told apart: more than a real log has, and few enough that a place is found soon. */
const MAX_ADDRESSES = 0.875 * CAPACITY;

/** One address and how often it was there. */
export interface AddressCount {
  readonly address: string;
  readonly count: number;
}

/** Counts as plain data, to be sent to another thread. */
export interface AddressCountsState {
  readonly keys: Uint32Array<ArrayBuffer>;
  readonly counts: Float64Array<ArrayBuffer>;
  readonly short: number;
}

/**
 * Counts addresses: exactly while there are not too many of them, and from then on in bounded memory with a known error (J. Misra, D.
 * Gries, Finding repeated elements, 1982). A table of numbers: a log of nothing but events is counted without leaving a string behind.
 */
export class AddressCounts {
  /** By how much a count can be too low, at most. None is too high. */
  short = 0;
  readonly #max: number;
  readonly #onLowered: (key: Uint32Array, times: number) => void;
  readonly #keys = new Uint32Array(CAPACITY * WORDS);
  /** 0 where nothing stands. */
  readonly #counts = new Float64Array(CAPACITY);
  #size = 0;
  readonly #key = new Uint32Array(WORDS);

  /** Takes what is told by how much the count of a key was lowered, and how many addresses are told apart. */
  constructor(onLowered: (key: Uint32Array, times: number) => void = () => {}, max = MAX_ADDRESSES) {
    this.#onLowered = onLowered;
    this.#max = max;
  }

  /** Addresses that have a count. */
  get size(): number {
    return this.#size;
  }

  /** Takes a canonical address and how often it occurred. */
  add(address: string, times: number): void {
    keyOf(address, this.#key);
    this.addKey(this.#key, times);
  }

  /** The same for the address of a key. */
  addKey(key: Uint32Array, times: number): void {
    const slot = this.#slotOf(key);
    if (this.#counts[slot] === 0) {
      const rest = this.#size < this.#max ? times : this.#makeRoom(key, times);
      if (rest === 0) return;
      this.#put(key, rest);
    } else {
      this.#counts[slot] = (this.#counts[slot] as number) + times;
    }
  }

  /** Calls back with each key and its count. The key is lent. */
  forEach(onKey: (key: Uint32Array, count: number) => void): void {
    forEachKey(this.#keys, this.#counts, onKey);
  }

  /** The addresses with the highest counts, these first; equal ones in the order of their text. */
  top(most: number): AddressCount[] {
    if (most === 0) return [];
    const counts = this.#counts.filter((count) => count > 0).sort();
    const least = counts[counts.length - most] ?? 1;
    const rows: AddressCount[] = [];
    this.forEach((key, count) => {
      if (count >= least) rows.push({ address: addressOf(key), count });
    });
    return rows.sort((a, b) => b.count - a.count || (a.address < b.address ? -1 : 1)).slice(0, most);
  }

  /** Gives the counts away. */
  take(): AddressCountsState {
    return { keys: this.#keys, counts: this.#counts, short: this.short };
  }

  /** Adds what another thread counted. */
  merge({ keys, counts, short }: AddressCountsState): void {
    this.short += short;
    forEachKey(keys, counts, (key, count) => this.addKey(key, count));
  }

  /** Where a key stands, or would. */
  #slotOf(key: Uint32Array): number {
    const mask = this.#counts.length - 1;
    let hash = Math.imul((key[0] as number) ^ Math.imul(key[1] as number, 0x9e3779b1), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ (key[2] as number), 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 13) ^ (key[3] as number), 0x27d4eb2f);
    for (let slot = (hash ^ (hash >>> 16)) & mask; ; slot = (slot + 1) & mask) {
      if (this.#counts[slot] === 0) return slot;
      const at = slot * WORDS;
      if (
        this.#keys[at + 3] === key[3] &&
        this.#keys[at + 2] === key[2] &&
        this.#keys[at + 1] === key[1] &&
        this.#keys[at] === key[0]
      ) {
        return slot;
      }
    }
  }

  /**
   * Lowers each count, the new one's too, until a place is free or the new one is used up: what that takes is paid for by what was added.
   * Gives what is left of the new one.
   */
  #makeRoom(key: Uint32Array, times: number): number {
    let least = times;
    for (const count of this.#counts) if (count > 0 && count < least) least = count;
    this.short += least;
    this.#onLowered(key, least);
    this.forEach((other) => {
      this.#onLowered(other, least);
    });
    const left: [Uint32Array, number][] = [];
    this.forEach((other, count) => {
      if (count > least) left.push([other.slice(), count - least]);
    });
    this.#counts.fill(0);
    this.#size = 0;
    for (const [other, count] of left) this.#put(other, count);
    return times - least;
  }

  /** Puts a key that is not there. */
  #put(key: Uint32Array, count: number): void {
    const slot = this.#slotOf(key);
    this.#keys.set(key, slot * WORDS);
    this.#counts[slot] = count;
    this.#size += 1;
  }
}

function forEachKey(keys: Uint32Array, counts: Float64Array, onKey: (key: Uint32Array, count: number) => void): void {
  const key = new Uint32Array(WORDS);
  for (let slot = 0; slot < counts.length; slot++) {
    const count = counts[slot] as number;
    if (count === 0) continue;
    for (let word = 0; word < WORDS; word++) key[word] = keys[slot * WORDS + word] as number;
    onKey(key, count);
  }
}

/** The key of a canonical address. */
export function keyOf(address: string, key: Uint32Array): void {
  if (!address.includes(':')) {
    key[0] = 0;
    key[1] = 0;
    key[2] = MAPPED;
    key[3] = parseIpv4(address) ?? 0;
    return;
  }
  const groups = parseIpv6(address) ?? [];
  for (let word = 0; word < WORDS; word++) {
    key[word] = ((groups[2 * word] ?? 0) << 16) | (groups[2 * word + 1] ?? 0);
  }
}

/** Whether a key is that of an IPv4 address. */
export function isIpv4Key(key: Uint32Array): boolean {
  return key[0] === 0 && key[1] === 0 && key[2] === MAPPED;
}

/** The canonical address of a key. */
export function addressOf(key: Uint32Array): string {
  const [a = 0, b = 0, c = 0, d = 0] = key;
  if (isIpv4Key(key)) return formatIpv4(d);
  return formatIpv6([a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff]);
}
