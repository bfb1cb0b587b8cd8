import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventKinds } from '../../src/event/kinds.ts';
import type { Origin } from '../../src/event/origin.ts';
import { type EventAccount, Ledger } from '../../src/ledger/ledger.ts';
import type { Places } from '../../src/ledger/places.ts';

const kinds = eventKinds(['SRC ROUTE ATTEMPT: ']);
const START = 1_000;

function makeLedger(maxSources = 100, expireAfterSeconds = 86_400) {
  return new Ledger(kinds, { maxSources, expireAfterSeconds, ipv4SubnetBits: 24, ipv6SubnetBits: 64 });
}
const account = (ledger: Ledger, name: string, clock = START) =>
  ledger.accounts(clock).find(({ kind }) => kind.name === name) as EventAccount;
const option = (source: string) => ({ event: 'source_route_option', family: 'ipv4', source }) as const;
const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0);
const added = ({ named, other, expired }: Places) => sum(named.map(([, count]) => count)) + other + expired;

describe('Ledger', () => {
  it('has every combination that can occur at 0 from the start', () => {
    const rows = makeLedger()
      .accounts(START)
      .flatMap(({ kind, totals }) =>
        totals.map(({ family, origin, count }) => `${kind.name} ${family} ${origin} ${count}`),
      );
    expect(rows).toEqual([
      'icmpv6_no_reply ipv6 local 0',
      'icmpv6_no_reply ipv6 known 0',
      'icmpv6_no_reply ipv6 external 0',
      'icmpv6_no_reply ipv6 unknown 0',
      'source_route_failed ipv4 local 0',
      'source_route_failed ipv4 known 0',
      'source_route_failed ipv4 external 0',
      'source_route_option ipv4 local 0',
      'source_route_option ipv4 known 0',
      'source_route_option ipv4 external 0',
      'source_route_attempt ipv4 local 0',
      'source_route_attempt ipv4 known 0',
      'source_route_attempt ipv4 external 0',
      'source_route_attempt ipv6 local 0',
      'source_route_attempt ipv6 known 0',
      'source_route_attempt ipv6 external 0',
    ]);
  });

  it('has seen nothing at the start', () => {
    for (const { lastSeen, unaddressed, sources, subnets } of makeLedger().accounts(START)) {
      expect({ lastSeen, unaddressed }).toEqual({ lastSeen: undefined, unaddressed: 0 });
      expect([sources.size, sources.namings, added(sources), added(subnets)]).toEqual([0, 0, 0, 0]);
    }
  });

  it('counts an event under its family, origin, source and subnet', () => {
    const ledger = makeLedger();
    ledger.count(option('192.0.2.1'), 'external', 1, 5_000, START);
    ledger.count(option('192.0.2.1'), 'external', 2, 5_001, START);
    ledger.count(option('192.0.2.2'), 'local', 1, 5_002, START);
    const { totals, sources, subnets, lastSeen } = account(ledger, 'source_route_option');
    expect(totals.map(({ origin, count }) => [origin, count])).toEqual([
      ['local', 1],
      ['known', 0],
      ['external', 3],
    ]);
    expect(sources.named).toEqual([
      ['192.0.2.1', 3],
      ['192.0.2.2', 1],
    ]);
    expect(subnets.named).toEqual([['192.0.2.0/24', 4]]);
    expect([sources.size, sources.namings, subnets.size, lastSeen]).toEqual([2, 2, 1, 5_002]);
    expect(sum(account(ledger, 'source_route_attempt').totals.map(({ count }) => count))).toBe(0);
  });

  it('counts an event without an address apart: it takes no place', () => {
    const ledger = makeLedger(1);
    const event = { event: 'icmpv6_no_reply', family: 'ipv6', source: undefined } as const;
    ledger.count(event, 'unknown', 2, 5_000, START);
    ledger.count({ ...event, source: '2001:db8::1' }, 'external', 1, 5_000, START);
    const { sources, subnets, unaddressed } = account(ledger, 'icmpv6_no_reply');
    expect(unaddressed).toBe(2);
    expect(sources.named).toEqual([['2001:db8::1', 1]]);
    expect(subnets.named).toEqual([['2001:db8::/64', 1]]);
  });

  it('counts what has no place as other, in the order of coming', () => {
    const ledger = makeLedger(2);
    for (const host of [1, 2, 3, 4, 3, 1]) ledger.count(option(`192.0.${host}.9`), 'external', 1, 5_000, START);
    const { sources, subnets } = account(ledger, 'source_route_option');
    expect(sources.named).toEqual([
      ['192.0.1.9', 2],
      ['192.0.2.9', 1],
    ]);
    expect([sources.other, subnets.other]).toEqual([3, 3]);
  });

  it('has places for each kind of its own', () => {
    const ledger = makeLedger(1);
    ledger.count(option('192.0.2.1'), 'external', 1, 5_000, START);
    const failed = { event: 'source_route_failed', family: 'ipv4', source: '192.0.2.2' } as const;
    ledger.count(failed, 'external', 1, 5_000, START);
    expect(account(ledger, 'source_route_failed').sources.named).toEqual([['192.0.2.2', 1]]);
  });

  it.each([
    [100, 25],
    [20, 8],
  ])('of %d places gives the addresses of one subnet %d', (places, share) => {
    const ledger = makeLedger(places);
    for (let host = 0; host < 200; host++) ledger.count(option(`192.0.2.${host}`), 'external', 1, 5_000, START);
    const { sources } = account(ledger, 'source_route_option');
    expect([sources.size, sources.other]).toEqual([share, 200 - share]);
    ledger.count(option('198.51.100.1'), 'external', 1, 5_000, START);
    expect(account(ledger, 'source_route_option').sources.size).toBe(share + 1);
  });

  it('takes the place of an address that is silent for long, and forgets nothing of it', () => {
    const ledger = makeLedger(1, 60);
    ledger.count(option('192.0.2.1'), 'external', 5, 5_000, START);
    expect(account(ledger, 'source_route_option', START + 59).sources.size).toBe(1);
    const { sources } = account(ledger, 'source_route_option', START + 60);
    expect([sources.size, sources.expired]).toEqual([0, 5]);
    ledger.count(option('198.51.100.1'), 'external', 1, 5_060, START + 60);
    expect(account(ledger, 'source_route_option', START + 60).sources.named).toEqual([['198.51.100.1', 1]]);
  });

  it('names a heavy source within a minute, though all places are taken', () => {
    const ledger = makeLedger(100);
    let noise = 0;
    const address = () => {
      noise += 1;
      return `${1 + (noise % 200)}.${(noise >> 8) & 255}.${(noise >> 16) & 255}.${noise & 255}`;
    };
    for (let n = 0; n < 1_000; n++) ledger.count(option(address()), 'external', 1, 5_000, START);
    for (let second = 1; second <= 60; second++) {
      for (let n = 0; n < 970; n++) ledger.count(option(address()), 'external', 1, 5_000, START + second);
      ledger.count(option('203.0.113.66'), 'external', 30, 5_000, START + second);
    }
    const { sources } = account(ledger, 'source_route_option', START + 60);
    expect(sources.named.map(([label]) => label)).toContain('203.0.113.66');
    expect(sources.size).toBe(100);
    expect(added(sources)).toBe(1_000 + 60 * 1_000);
  });

  it('remembers the latest time, not the last one it was told', () => {
    const ledger = makeLedger();
    for (const time of [1_000, 3_000, 2_000]) ledger.count(option('192.0.2.1'), 'external', 1, time, START);
    expect(account(ledger, 'source_route_option').lastSeen).toBe(3_000);
  });

  it('refuses what cannot occur instead of counting it nowhere', () => {
    const ledger = makeLedger();
    expect(() => ledger.count({ ...option('::1'), family: 'ipv6' }, 'external', 1, 0, START)).toThrow(
      new RangeError('Cannot count source_route_option of ipv6 from external'),
    );
    expect(() => ledger.count(option('192.0.2.1'), 'unknown', 1, 0, START)).toThrow(RangeError);
  });

  it('adds up, whatever comes: totals = sources = subnets, within the places', () => {
    const events = fc.array(
      fc.record({
        event: fc.constantFrom('source_route_option', 'source_route_attempt'),
        subnet: fc.nat(5),
        host: fc.nat(20),
        origin: fc.constantFrom<Origin>('local', 'known', 'external'),
        times: fc.integer({ min: 1, max: 5 }),
        later: fc.oneof(fc.constant(0), fc.nat(100), fc.nat(5_000)),
      }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 12 }), (events, places) => {
        const ledger = makeLedger(places, 1_000);
        let clock = START;
        for (const { event, subnet, host, origin, times, later } of events) {
          clock += later;
          ledger.count({ event, family: 'ipv4', source: `192.0.${subnet}.${host}` }, origin, times, 1, clock);
        }
        for (const { kind, sources, subnets, totals } of ledger.accounts(clock)) {
          const expected = sum(events.filter(({ event }) => event === kind.name).map(({ times }) => times));
          expect(sum(totals.map(({ count }) => count))).toBe(expected);
          expect([added(sources), added(subnets)]).toEqual([expected, expected]);
          expect(Math.max(sources.size, subnets.size)).toBeLessThanOrEqual(places);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('goes on where another left off', () => {
    const ledger = makeLedger(3);
    for (const host of [1, 2, 3, 4, 4]) ledger.count(option(`192.0.${host}.9`), 'known', 1, 5_000, START);
    ledger.count({ event: 'icmpv6_no_reply', family: 'ipv6', source: undefined }, 'unknown', 1, 5_001, START);
    ledger.suppressedMessages = 7;
    const state = JSON.parse(JSON.stringify(ledger.state(START, 5_002)));
    const next = makeLedger(3);
    next.restore(state, 50, 5_012);
    expect(next.suppressedMessages).toBe(7);
    const facts = (of: Ledger, clock: number) =>
      of.accounts(clock).map(({ totals, sources, subnets, unaddressed, lastSeen }) => ({
        totals,
        sources: [sources.named, sources.other, sources.expired, sources.namings],
        subnets: [subnets.named, subnets.other, subnets.expired, subnets.namings],
        unaddressed,
        lastSeen,
      }));
    expect(facts(next, 50)).toEqual(facts(ledger, START));
  });

  it('does not grow under a million forged addresses', () => {
    const ledger = makeLedger(100);
    for (let n = 0; n < 1_000_000; n++) {
      const address = `${n & 255}.${(n >> 8) & 255}.${(n >> 16) & 255}.9`;
      ledger.count(option(address), 'external', 1, n, START + n / 10_000);
    }
    const { sources, subnets } = account(ledger, 'source_route_option', START + 100);
    expect([sources.size, subnets.size]).toEqual([100, 100]);
    expect([added(sources), added(subnets)]).toEqual([1_000_000, 1_000_000]);
    expect(JSON.stringify(ledger.state(START + 100, 5_000)).length).toBeLessThan(500_000);
  });
});
