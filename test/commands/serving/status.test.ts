import { describe, expect, it } from 'vitest';
import { status } from '../../../src/commands/serving/status.ts';
import { eventKinds } from '../../../src/event/kinds.ts';
import type { Snapshot } from '../../../src/exposition/snapshot.ts';
import { newInputStats } from '../../../src/input/record.ts';
import { Ledger } from '../../../src/ledger/ledger.ts';
import type { InterfaceCount, PersistedRow, Posture, SysctlRow } from '../../../src/posture/runtime/runtime.ts';

const BOUNDS = { maxSources: 10, expireAfterSeconds: 3600, ipv4SubnetBits: 24, ipv6SubnetBits: 64 };
const RULE = { family: 'ipv4' as const, sysctl: 'accept_source_route' };
const NOON = Date.parse('2026-11-23T12:00:00Z') / 1000;

function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    accounts: newLedger().accounts(0),
    suppressedMessages: 0,
    inputs: [{ name: '/dev/kmsg', stats: { ...newInputStats(), up: true } }],
    posture: undefined,
    bootApplier: undefined,
    visibility: [],
    configFiles: [],
    hostNetworkNamespace: 1,
    sysctlReadErrors: 0,
    collectors: [],
    stateLoads: {},
    stateSaves: {},
    build: { version: '1', revision: 'r', node: 'n' },
    ...changes,
  };
}

function newLedger(): Ledger {
  return new Ledger(eventKinds(['SRC ROUTE ATTEMPT: ']), BOUNDS);
}

function posture(changes: Partial<Posture> = {}): Posture {
  const nothing = { values: [], effective: [], persisted: [], infos: [], counts: [] };
  return { success: true, ...nothing, readErrors: 0, interfaces: 3, ...changes };
}

function counts(
  scope: InterfaceCount['scope'],
  compliant: number,
  violating: number,
  unreadable = 0,
): InterfaceCount[] {
  return Object.entries({ compliant, violating, unreadable }).map(([verdict, count]) => ({
    ...RULE,
    scope,
    verdict: verdict as InterfaceCount['verdict'],
    count,
  }));
}

function row(name: string, value: number): SysctlRow {
  return { ...RULE, interface: name, value, compliant: value === 0 };
}

function persisted(name: string, value: number, from: Pick<PersistedRow, 'origin' | 'file' | 'line'>): PersistedRow {
  return { ...row(name, value), ...from };
}

/** The rows of the table of a title; undefined without such a table. */
function rowsOf(title: string, changes: Partial<Snapshot> = {}) {
  return status(snapshot(changes)).find((table) => table.title === title)?.rows;
}

function answers(changes: Partial<Snapshot> = {}): Record<string, unknown> {
  return Object.fromEntries((rowsOf('In short', changes) ?? []) as [string, unknown][]);
}

describe('the answers', () => {
  it('come first, and say yes where all is well', () => {
    const changes = { posture: posture({ counts: [...counts('effective', 3, 0), ...counts('persisted', 3, 0)] }) };
    expect(status(snapshot(changes))[0]?.title).toBe('In short');
    expect(answers(changes)).toMatchObject({
      'Kernel keeps the policy?': 'Yes, on all 3 interfaces',
      'Every value right after a boot?': 'Yes, on all 3 interfaces',
      'Events counted?': 'None',
      'Log read?': 'Yes',
    });
  });

  it('say no with the sysctl and how many interfaces, also of those that have no row', () => {
    const changes = { posture: posture({ counts: [...counts('effective', 1, 2), ...counts('persisted', 2, 1)] }) };
    expect(answers(changes)).toMatchObject({
      'Kernel keeps the policy?': 'No: IPv4 accept_source_route on 2 of 3 interfaces',
      'Every value right after a boot?': 'No: IPv4 accept_source_route on 1 of 3 interfaces',
    });
  });

  it('say no for a sysctl of the whole host, which no interface counts', () => {
    const ofHost = { family: 'ipv4', interface: '', sysctl: 'tcp_syncookies', value: 0, compliant: false } as const;
    expect(answers({ posture: posture({ values: [ofHost] }) })).toMatchObject({
      'Kernel keeps the policy?': 'No: tcp_syncookies is 0',
      'Every value right after a boot?': 'Yes, on all 3 interfaces',
    });
  });

  it.each([
    ['the collector is off', undefined, 'Not looked at: the collector is switched off'],
    [
      'a value cannot be read',
      posture({ counts: counts('effective', 2, 0, 1) }),
      'Not known: no value of IPv4 accept_source_route on 1 of 3 interfaces',
    ],
    ['a tree cannot be listed', posture({ success: false, error: 'gone' }), 'Not known: not all could be read'],
  ])('never say yes where %s', (_why, read, answer) => {
    expect(answers({ posture: read })['Kernel keeps the policy?']).toBe(answer);
  });

  it.each([
    ['with interfaces', { counts: [...counts('effective', 3, 0), ...counts('persisted', 0, 0, 3)] }],
    ['without any', { interfaces: 0 }],
  ])('never say yes of a boot that nobody can predict, %s', (_, changes) => {
    const read = { posture: posture(changes), bootApplier: 'unknown' as const };
    expect(answers(read)['Every value right after a boot?']).toBe(
      'Not known: what applies the sysctl files of this host at a boot is unknown',
    );
    expect(answers(read)['Kernel keeps the policy?']).toMatch(/^Yes/);
    expect(status(snapshot(read)).find(({ title }) => title === 'Policy')?.note).toContain('After a boot: not known,');
  });

  it('say which events would be seen, which not, and of which that cannot be told', () => {
    const visibility = [
      { event: 'a', observable: 1, reasons: [] },
      { event: 'b', observable: 1, reasons: ['log_unreadable'] },
      { event: 'c', observable: 0, reasons: [] },
      { event: 'd', observable: undefined, reasons: [] },
    ] as const;
    expect(answers({ visibility })['Events would be seen?']).toBe('Yes: a; no: b and c; cannot be told: d');
    expect(answers()['Events would be seen?']).toBe('Not looked at: the collector is switched off');
  });

  it('say that a log is not read, is not there, or lost records', () => {
    const up = { ...newInputStats(), up: true };
    const down = { name: '/var/log/kern.log', stats: newInputStats() };
    expect(answers({ inputs: [{ name: '/dev/kmsg', stats: up }, down] })['Log read?']).toBe(
      'No: /var/log/kern.log cannot be read, and counts stand still',
    );
    expect(answers({ inputs: [] })['Log read?']).toBe('No: no file has a name that is to be followed');
    expect(answers({ inputs: [{ name: '/dev/kmsg', stats: { ...up, lost: 7 } }] })['Log read?']).toBe(
      'Yes, but 7 records had been overwritten before',
    );
  });

  it("say that this is a container's network and not the host's", () => {
    expect(status(snapshot({ hostNetworkNamespace: 0 }))[0]?.note).toContain("not the host's");
    expect(status(snapshot({ hostNetworkNamespace: undefined }))[0]?.note).toBeUndefined();
  });
});

describe('what the policy forbids', () => {
  it('has a row for interfaces that are alike, with the file and line that decide, what the kernel acts on first', () => {
    const explicit = { origin: 'explicit', file: '/etc/sysctl.d/99-tunnel.conf', line: 4 } as const;
    const kernel = { origin: 'kernel_default', file: '', line: undefined } as const;
    const rows = rowsOf('Not as the policy wants it', {
      posture: posture({
        values: [row('default', 1), row('a', 0), row('b', 1), row('c', 1), row('d', 0), row('e', 1)],
        effective: [row('a', 0), row('b', 0), row('c', 0), row('d', 0), row('e', 1)],
        persisted: [
          persisted('default', 1, { origin: 'glob', file: '/etc/sysctl.d/1.conf', line: 2 }),
          persisted('a', 0, explicit),
          persisted('b', 1, { origin: 'inherited', file: '/etc/sysctl.d/1.conf', line: 2 }),
          persisted('c', 1, { origin: 'inherited', file: '/etc/sysctl.d/1.conf', line: 2 }),
          persisted('d', 1, explicit),
          persisted('e', 1, kernel),
        ],
      }),
    });
    const sysctl = 'IPv4 accept_source_route';
    expect(rows).toEqual([
      ['e', sysctl, '1, forbidden', '1, forbidden', '1, forbidden', 'kernel default'],
      ['default', sysctl, '1, forbidden', 'not by itself', '1, forbidden', '/etc/sysctl.d/1.conf:2 (a pattern)'],
      ['b and c', sysctl, '1, forbidden', '0', '1, forbidden', '/etc/sysctl.d/1.conf:2 (the line of default)'],
      ['d', sysctl, '0', '0', '1, forbidden', '/etc/sysctl.d/99-tunnel.conf:4'],
    ]);
  });

  it('has no table while the policy is kept', () => {
    expect(rowsOf('Not as the policy wants it', { posture: posture({ values: [row('a', 0)] }) })).toBeUndefined();
  });

  it('stays small whatever there is, and says how much more there is', () => {
    const values = Array.from({ length: 30 }, (_, index) => row(`v${index}`, index + 1));
    const many = status(snapshot({ posture: posture({ values }) })).find(({ title }) => title.startsWith('Not as'));
    expect(many?.rows).toHaveLength(12);
    expect(many?.note).toContain('18 more rows');
    const alike = Array.from({ length: 30 }, (_, index) => row(`v${index}`, 1));
    expect(rowsOf('Not as the policy wants it', { posture: posture({ values: alike }) })?.[0]?.[0]).toBe(
      'v0, v1, v2 and 27 more',
    );
  });
});

it('counts every interface of a rule in the three scopes', () => {
  const each = [...counts('runtime', 0, 3), ...counts('effective', 3, 0), ...counts('persisted', 0, 0)];
  expect(rowsOf('Policy', { posture: posture({ counts: each }) })).toEqual([
    ['IPv4 accept_source_route', '3 violating', '3 compliant', 'no interface'],
  ]);
});

describe('the events', () => {
  it('name the addresses that sent most, account for all the others, and say what an address is', () => {
    const ledger = newLedger();
    const event = { event: 'source_route_failed', family: 'ipv4' } as const;
    for (const [source, times] of Object.entries({
      '192.0.2.1': 1,
      '198.51.100.9': 9,
      '203.0.113.5': 5,
      '10.0.0.2': 2,
    })) {
      ledger.count({ ...event, source }, 'external', times, NOON, 0);
    }
    ledger.count({ event: 'icmpv6_no_reply', family: 'ipv6', source: undefined }, 'unknown', 4, NOON, 0);
    const rows = rowsOf('Events', { accounts: ledger.accounts(0) });
    expect(rows).toContainEqual([
      'source_route_failed',
      17,
      '198.51.100.9 (9), 203.0.113.5 (5), 10.0.0.2 (2), all others (1)',
      'where a packet quoted in an ICMP error was going: not a sender',
      'not looked at',
      '2026-11-23 12:00:00 UTC',
    ]);
    expect(rows?.find(([name]) => name === 'icmpv6_no_reply')?.[2]).toBe('without address (4)');
    expect(rows?.find(([name]) => name === 'source_route_option')).toEqual(
      expect.arrayContaining([0, 'none', 'the sender, as the packet says', 'never']),
    );
  });

  it('give each reason why one would not be seen in words', () => {
    const visibility = [
      { event: 'icmpv6_no_reply', observable: 1, reasons: [] },
      { event: 'source_route_failed', observable: 0, reasons: [] },
      { event: 'source_route_option', observable: 0, reasons: ['log_martians_off', 'packets_accepted'] },
      { event: 'source_route_attempt', observable: undefined, reasons: [] },
    ] as const;
    expect(rowsOf('Events', { visibility })?.map((cells) => cells[4])).toEqual([
      'yes',
      'no: net.core.warnings is 0',
      'no: log_martians is off on an interface and an interface accepts such packets, which is silent',
      'only if a firewall rule logs it',
    ]);
  });

  it('say how many messages the kernel kept back, if any', () => {
    const note = (suppressedMessages: number) =>
      status(snapshot({ suppressedMessages })).find(({ title }) => title === 'Events')?.note;
    expect(note(0)).not.toContain('kept back');
    expect(note(12)).toContain('kept back 12 network messages');
  });

  it('survive a time that no calendar has', () => {
    const ledger = newLedger();
    ledger.count({ event: 'source_route_failed', family: 'ipv4', source: '192.0.2.1' }, 'external', 1, 1e20, 0);
    expect(rowsOf('Events', { accounts: ledger.accounts(0) })?.[1]?.[5]).toBe('unknown');
  });
});

it('says why records of a log were rejected', () => {
  const stats = { ...newInputStats(), up: true, records: 9, lastRecord: NOON };
  stats.rejected.userspace = 2;
  stats.rejected.oversize = 1;
  expect(rowsOf('Log', { inputs: [{ name: '/dev/kmsg', stats }] })).toEqual([
    ['/dev/kmsg', 'reading', 9, 0, '2 userspace, 1 oversize', '2026-11-23 12:00:00 UTC'],
  ]);
});

it('says how collectors, configuration files and the saved state are', () => {
  const rows = rowsOf('Exporter', {
    collectors: [
      { collector: 'sysctl', success: true, durationSeconds: 0.0042 },
      { collector: 'observability', success: false, durationSeconds: 0 },
    ],
    configFiles: [{ file: '/etc/policy.yaml', successful: false, successTimestamp: NOON }],
    stateLoads: { loaded: 0, damaged: 1 },
    stateSaves: { success: 3, failure: 1 },
  });
  expect(rows).toEqual([
    ['collector sysctl', 'working', 'took 4.2 ms'],
    ['collector observability', 'failing: its log says why', 'took 0.0 ms'],
    ['/etc/policy.yaml', 'refused: what it said before is in force', 'last read 2026-11-23 12:00:00 UTC'],
    ['saved state', 'damaged at the start', 'saved 3 times, failed 1 times'],
  ]);
  expect(rowsOf('Exporter')).toEqual([]);
});

it('spells out what would turn the writing of a line around, or hide it', () => {
  const name = '/var/log/\u202egol.nrek\u0007';
  expect(rowsOf('Log', { inputs: [{ name, stats: newInputStats() }] })?.[0]?.[0]).toBe(
    '/var/log/\\u{202e}gol.nrek\\x07',
  );
});
