import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/posture/policy/parse-policy.ts';
import { type Posture, readPosture } from '../../src/posture/runtime/runtime.ts';
import { type Entry, makeRoot, writeConf, writeGlobals } from './make-proc.ts';

function read(root: string, ...rules: string[]): Posture {
  const text = `rules:\n${rules.map((rule) => `  - {${rule}}\n`).join('')}`;
  return readPosture({ procfs: root, sysfs: root, rules: parsePolicy(text, 'p.yml'), interfacesMax: 4 });
}

const rows = (list: Posture['values']) =>
  list.map(({ family, interface: name, sysctl, value, compliant }) =>
    [family || '-', name || '-', sysctl, value, compliant ?? 'unjudged'].join(' '),
  );

describe('a rule that expects nothing', () => {
  it('shows values and has no verdict', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries({ all: 0, default: 1, eth0: 1 }), 'rp_filter');
    const posture = read(root, 'sysctl: rp_filter');
    expect(rows(posture.values)).toEqual([
      'ipv4 all rp_filter 0 unjudged',
      'ipv4 default rp_filter 1 unjudged',
      'ipv4 eth0 rp_filter 1 unjudged',
    ]);
    expect(rows(posture.effective)).toEqual(['ipv4 eth0 rp_filter 1 unjudged']);
    expect(posture).toMatchObject({ success: true, counts: [], interfaces: 1, readErrors: 0 });
  });

  it('makes nobody a violator', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries({ all: 0, default: 0, a: 0, b: 0, z: 0 }), 'rp_filter');
    writeConf(root, 'ipv4', Object.entries({ all: 0, default: 0, a: 0, b: 0, z: 1 }), 'arp_filter');
    const { values } = read(root, 'sysctl: rp_filter', 'sysctl: arp_filter, expect: 0');
    expect(values.filter(({ sysctl }) => sysctl === 'rp_filter').map((row) => row.interface)).toEqual([
      'all',
      'default',
      'a',
      'z',
    ]);
  });
});

describe('a sysctl that there is one of', () => {
  const ALL = ['sysctl: icmp_ratelimit', 'sysctl: icmp_echo_ignore_broadcasts, expect: 1', 'sysctl: ratelimit'];
  const NEITHER = ['sysctl: message_cost', 'sysctl: dmesg_restrict, expect: 1'];

  it('has a row without an interface, in the order of the policy, and is not counted', () => {
    const root = makeRoot();
    writeGlobals(root, {
      'net/ipv4/icmp_ratelimit': 1000,
      'net/ipv4/icmp_echo_ignore_broadcasts': 1,
      'net/ipv6/icmp/ratelimit': 100,
      'net/core/message_cost': 5,
      'kernel/dmesg_restrict': 0,
    });
    const posture = read(root, ...NEITHER, ...ALL);
    expect(rows(posture.values)).toEqual([
      '- - message_cost 5 unjudged',
      '- - dmesg_restrict 0 false',
      'ipv4 - icmp_ratelimit 1000 unjudged',
      'ipv4 - icmp_echo_ignore_broadcasts 1 true',
      'ipv6 - ratelimit 100 unjudged',
    ]);
    expect(posture).toMatchObject({
      success: true,
      effective: [],
      counts: [],
      infos: [],
      interfaces: 0,
      readErrors: 0,
    });
  });

  it('has its row after those of interfaces, however few may have one', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries({ all: 0, default: 0, eth0: 0, eth1: 0, eth2: 0 }), 'rp_filter');
    writeGlobals(root, { 'net/core/message_cost': 5 });
    const { values } = read(root, 'sysctl: message_cost', 'sysctl: rp_filter');
    expect(values.map((row) => row.interface)).toEqual(['all', 'default', 'eth0', 'eth1', '']);
  });

  it('does not apply where it has no file', () => {
    expect(read(makeRoot(), ...NEITHER, 'sysctl: ratemask')).toMatchObject({
      success: true,
      values: [],
      infos: [],
      readErrors: 0,
    });
  });

  it.each<Entry>(['DIRECTORY', 'many\n', ''])('is counted as unreadable with %j', (entry) => {
    const root = makeRoot();
    writeGlobals(root, { 'net/core/message_cost': entry });
    expect(read(root, 'sysctl: message_cost')).toMatchObject({ success: true, values: [], readErrors: 1 });
  });
});

describe('a sysctl that is a text', () => {
  const readMask = (entry: Entry) => {
    const root = makeRoot();
    writeGlobals(root, { 'net/ipv6/icmp/ratemask': entry });
    return read(root, 'sysctl: ratemask');
  };

  it.each([
    ['0-1,3-127\n', '0-1,3-127'],
    // No type at all.
    ['\n', ''],
  ])('%j is shown as %j', (written, text) => {
    expect(readMask(written)).toMatchObject({
      values: [],
      infos: [{ family: 'ipv6', interface: '', sysctl: 'ratemask', text }],
      readErrors: 0,
    });
  });

  it.each<Entry>(['DIRECTORY', '0-1\n3\n', 'a\u001b[2J\n', 'é\n', 'x'.repeat(2_000)])('%j is unreadable', (entry) => {
    expect(readMask(entry)).toMatchObject({ values: [], infos: [], readErrors: 1 });
  });
});

describe('accept_redirects of IPv4', () => {
  it('depends on whether the interface forwards, where all and the interface differ', () => {
    const root = makeRoot();
    const forwarding = { host: 0, router: 1, unreadable: 'DIRECTORY' } as const;
    writeConf(
      root,
      'ipv4',
      Object.entries({ all: 1, default: 1, host: 0, router: 0, unreadable: 0 }),
      'accept_redirects',
    );
    writeConf(root, 'ipv4', Object.entries(forwarding), 'forwarding');
    const posture = read(root, 'sysctl: accept_redirects, family: ipv4, expect: 0');
    expect(rows(posture.effective)).toEqual([
      'ipv4 host accept_redirects 1 false',
      'ipv4 router accept_redirects 0 true',
    ]);
    expect(posture.readErrors).toBe(1);
    expect(
      posture.counts.filter(({ scope }) => scope === 'effective').map(({ verdict, count }) => [verdict, count]),
    ).toEqual([
      ['compliant', 1],
      ['violating', 1],
      ['unreadable', 1],
    ]);
  });

  it('does not ask where they agree', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries({ all: 1, default: 1, eth0: 1 }), 'accept_redirects');
    const posture = read(root, 'sysctl: accept_redirects, family: ipv4, expect: 0');
    expect(rows(posture.effective)).toEqual(['ipv4 eth0 accept_redirects 1 false']);
    expect(posture.readErrors).toBe(0);
  });
});
