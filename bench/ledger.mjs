import { eventKinds } from '../dist/event/kinds.js';
import { Ledger } from '../dist/ledger/ledger.js';
import { row } from './table.mjs';

const EVENTS = 3_000_000;
const ROUNDS = 3;
/** Two million a second on one core. */
const MOST_NS = 500;
const BOUNDS = { maxSources: 100, expireAfterSeconds: 86_400, ipv4SubnetBits: 24, ipv6SubnetBits: 64 };

/** @param {number} host */
const ipv4 = (host) => `198.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}`;
/** Sixteen to a subnet. @param {number} host */
const ipv6 = (host) =>
  `2001:2:${(host >> 12).toString(16)}:${((host >> 4) & 255).toString(16)}::${(host & 15).toString(16)}`;

/** What counting one event costs in a flood, with the bounds that make it safe; beside it what an unbounded Map costs. */
export async function* ledger() {
  yield {
    title: `counting ${EVENTS.toLocaleString('en-US')} events in the ledger alone, 100 places, 1,000,000 events a second of its clock`,
    peer: 'a Map without a limit',
    rows: [100, 50_000, 1_000_000].flatMap((addresses) => [
      measure(`IPv4, ${addresses.toLocaleString('en-US')} addresses`, 'source_route_option', 'ipv4', ipv4, addresses),
      measure(`IPv6, ${addresses.toLocaleString('en-US')} addresses`, 'source_route_attempt', 'ipv6', ipv6, addresses),
    ]),
  };
}

/**
 * @param {string} what
 * @param {string} event
 * @param {'ipv4' | 'ipv6'} family
 * @param {(host: number) => string} address
 * @param {number} addresses
 */
function measure(what, event, family, address, addresses) {
  const events = Array.from({ length: addresses }, (_, host) => ({ event, family, source: address(host) }));
  const ours = [];
  const peers = [];
  for (let round = 0; round < ROUNDS; round++) {
    const counted = new Ledger(eventKinds(['SRC ROUTE ATTEMPT: ']), BOUNDS);
    ours.push(time(events, (each, n) => counted.count(each, 'external', 1, 1_795_340_417, n / 1e6)));
    /** @type {Map<string, number>} */
    const map = new Map();
    peers.push(time(events, ({ source }) => map.set(source, (map.get(source) ?? 0) + 1)));
  }
  return row(what, Math.min(...ours), 'ns/event', { atMost: MOST_NS, peer: Math.min(...peers) });
}

/** Nanoseconds an event. @template T @param {readonly T[]} events @param {(event: T, n: number) => unknown} count */
function time(events, count) {
  const start = performance.now();
  for (let n = 0; n < EVENTS; n++) count(/** @type {T} */ (events[n % events.length]), n);
  return ((performance.now() - start) * 1e6) / EVENTS;
}
