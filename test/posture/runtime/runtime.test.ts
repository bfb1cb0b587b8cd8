import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_POLICY, type SysctlRule } from '../../../src/posture/policy/policy.ts';
import { type Posture, type PostureOptions, readPosture } from '../../../src/posture/runtime/runtime.ts';
import { type Entry, makeRoot, writeConf } from '../make-proc.ts';

const IPV4_ONLY = BUILT_IN_POLICY.filter(({ family }) => family === 'ipv4');

function read(root: string, options: Partial<PostureOptions> = {}): Posture {
  return readPosture({ procfs: root, sysfs: `${root}/sysfs`, rules: BUILT_IN_POLICY, interfacesMax: 64, ...options });
}

function readIpv4(entries: Record<string, Entry>, options: Partial<PostureOptions> = {}): Posture {
  const root = makeRoot();
  writeConf(root, 'ipv4', Object.entries(entries));
  return read(root, { rules: IPV4_ONLY, ...options });
}

const rows = (list: Posture['values']) =>
  list.map((row) => `${row.family} ${row.interface}=${row.value}${row.compliant ? '' : ' !'}`);
const counts = ({ counts }: Posture) =>
  counts.map(({ family, scope, verdict, count }) => `${family} ${scope} ${verdict} ${count}`);

describe('readPosture', () => {
  it('tells what is written from what the kernel does', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries({ lo: 1, eth0: 0, default: 1, all: 0 }));
    writeConf(root, 'ipv6', Object.entries({ lo: 0, eth0: 1, default: 0, all: -1 }));
    const posture = read(root);
    expect(posture).toMatchObject({ success: true, readErrors: 0, interfaces: 2 });
    expect(posture).not.toHaveProperty('error');
    expect(rows(posture.values)).toEqual([
      'ipv4 all=0',
      'ipv4 default=1 !',
      'ipv4 eth0=0',
      'ipv4 lo=1 !',
      'ipv6 all=-1',
      'ipv6 default=0',
      'ipv6 eth0=1 !',
      'ipv6 lo=0',
    ]);
    expect(rows(posture.effective)).toEqual(['ipv4 eth0=0', 'ipv4 lo=0', 'ipv6 eth0=-1', 'ipv6 lo=-1']);
    expect(counts(posture)).toEqual([
      'ipv4 runtime compliant 1',
      'ipv4 runtime violating 1',
      'ipv4 runtime unreadable 0',
      'ipv4 effective compliant 2',
      'ipv4 effective violating 0',
      'ipv4 effective unreadable 0',
      'ipv6 runtime compliant 1',
      'ipv6 runtime violating 1',
      'ipv6 runtime unreadable 0',
      'ipv6 effective compliant 2',
      'ipv6 effective violating 0',
      'ipv6 effective unreadable 0',
    ]);
  });

  it('judges several rules by themselves and in their order', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries({ all: 0, default: 0, eth0: 0 }));
    writeConf(root, 'ipv4', Object.entries({ all: 0, default: 0, eth0: 'NO FILE' }), 'log_martians');
    writeConf(root, 'ipv4', Object.entries({ all: 2, default: 0, eth0: 1 }), 'rp_filter');
    const rule = { family: 'ipv4', expect: 1, references: [] } as const;
    const rules: SysctlRule[] = [
      { ...rule, sysctl: 'rp_filter', combine: 'max' },
      { ...rule, sysctl: 'log_martians', combine: 'or' },
      ...IPV4_ONLY,
    ];
    const posture = read(root, { rules });
    expect(posture.values.map((row) => `${row.sysctl} ${row.interface}=${row.value}`)).toEqual([
      'rp_filter all=2',
      'rp_filter default=0',
      'rp_filter eth0=1',
      'log_martians all=0',
      'log_martians default=0',
      'accept_source_route all=0',
      'accept_source_route default=0',
      'accept_source_route eth0=0',
    ]);
    expect(posture.effective.map((row) => `${row.sysctl}=${row.value} ${row.compliant}`)).toEqual([
      'rp_filter=2 false',
      'accept_source_route=0 true',
    ]);
    expect(posture.readErrors).toBe(1);
  });

  it('keeps every odd name apart', () => {
    const names = ['eth0.100', 'a.b.c', 'two words', 'q"\\{', '-dash', '*', 'é', '#x'];
    const bytes = [Buffer.from([0xff]), Buffer.from([0xfe, 0x5c]), Buffer.from('\\xff')];
    const root = makeRoot();
    const odd = [...names, ...bytes].map((name, index) => [name, index] as const);
    writeConf(root, 'ipv4', [['all', 0], ['default', 0], ...odd]);
    const { values } = read(root, { rules: IPV4_ONLY });
    expect(Object.fromEntries(values.slice(2).map((row) => [row.interface, row.value]))).toEqual({
      'eth0.100': 0,
      'a.b.c': 1,
      'two words': 2,
      'q"\\x5c{': 3,
      '-dash': 4,
      '*': 5,
      é: 6,
      '#x': 7,
      '\\xff': 8,
      '\\xfe\\x5c': 9,
      '\\x5cxff': 10,
    });
  });
});

describe('what cannot be read', () => {
  it.each<Entry>(['DIRECTORY', 'NO FILE', 'yes\n', '', '1\t2\n'])(
    'counts an interface with %j as unreadable',
    (entry) => {
      const posture = readIpv4({ all: 0, default: 0, eth0: entry, lo: 0 });
      expect(posture).toMatchObject({ success: true, readErrors: 1, interfaces: 2 });
      expect(rows(posture.values)).toEqual(['ipv4 all=0', 'ipv4 default=0', 'ipv4 lo=0']);
      expect(rows(posture.effective)).toEqual(['ipv4 lo=0']);
      expect(counts(posture)).toEqual([
        'ipv4 runtime compliant 1',
        'ipv4 runtime violating 0',
        'ipv4 runtime unreadable 1',
        'ipv4 effective compliant 1',
        'ipv4 effective violating 0',
        'ipv4 effective unreadable 1',
      ]);
    },
  );

  it('passes over an interface that went away after the listing', () => {
    const posture = readIpv4({ all: 0, default: 0, eth0: 0, veth1: 'VANISHED' });
    expect(posture).toMatchObject({ success: true, readErrors: 1, interfaces: 1 });
    expect(counts(posture)).toContain('ipv4 runtime compliant 1');
    expect(counts(posture)).toContain('ipv4 runtime unreadable 0');
  });

  it('has no effective value without all', () => {
    const posture = readIpv4({ all: 'DIRECTORY', default: 0, eth0: 0 });
    expect(posture).toMatchObject({ success: true, readErrors: 1, effective: [] });
    expect(rows(posture.values)).toEqual(['ipv4 default=0', 'ipv4 eth0=0']);
    expect(counts(posture)).toContain('ipv4 runtime compliant 1');
    expect(counts(posture)).toContain('ipv4 effective unreadable 1');
  });

  it('takes a host without IPv6 as it is', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries({ all: 0, default: 0, eth0: 0 }));
    const posture = read(root);
    expect(posture).toMatchObject({ success: true, readErrors: 0 });
    expect(counts(posture).filter((count) => count.startsWith('ipv6'))).toEqual([]);
    expect(rows(posture.values).filter((row) => row.startsWith('ipv6'))).toEqual([]);
  });

  it('fails without IPv4 and still gives IPv6', () => {
    const root = makeRoot();
    writeConf(root, 'ipv6', Object.entries({ all: 0, default: 0, eth0: 0 }));
    const posture = read(root);
    expect(posture).toMatchObject({
      success: false,
      error: `Cannot list "${root}/sys/net/ipv4/conf": ENOENT`,
      readErrors: 1,
      interfaces: 1,
    });
    expect(rows(posture.effective)).toEqual(['ipv6 eth0=0']);
  });

  it('fails when a tree cannot be listed, and names each', () => {
    const root = makeRoot();
    for (const family of ['ipv4', 'ipv6']) {
      mkdirSync(`${root}/sys/net/${family}`, { recursive: true });
      writeFileSync(`${root}/sys/net/${family}/conf`, '');
    }
    const at = (family: string) => `Cannot list "${root}/sys/net/${family}/conf": ENOTDIR`;
    expect(read(root)).toEqual({
      success: false,
      error: `${at('ipv4')}; ${at('ipv6')}`,
      values: [],
      effective: [],
      persisted: [],
      infos: [],
      counts: [],
      readErrors: 2,
      interfaces: 0,
    });
  });

  it('fails on an empty directory, which is no host without violations', () => {
    const posture = readIpv4({});
    expect(posture.success).toBe(false);
    expect(posture.error).toMatch(/^Cannot find "all" in ".*\/sys\/net\/ipv4\/conf"$/);
  });

  it('does not throw for a root that cannot be a path', () => {
    expect(read('\0').success).toBe(false);
  });
});

describe('which interfaces', () => {
  const entries = { all: 1, default: 1, eth0: 1, eth1: 0, veth1: 0, lo: 1 };

  it.each([
    [{ include: /^eth/ }, ['all', 'default', 'eth0', 'eth1'], 2],
    [{ exclude: /^veth|^lo$|all|default/ }, ['all', 'default', 'eth0', 'eth1'], 2],
    [{ include: /eth/g, exclude: /^eth0$/g }, ['all', 'default', 'eth1', 'veth1'], 2],
    [{ include: /^none$/ }, ['all', 'default'], 0],
  ])('with %j reads only what is asked for', (filter, expected, interfaces) => {
    const posture = readIpv4(entries, filter);
    expect(posture.values.map((row) => row.interface)).toEqual(expected);
    expect(posture.interfaces).toBe(interfaces);
    expect(posture.counts.filter(({ scope }) => scope === 'runtime').reduce((sum, { count }) => sum + count, 0)).toBe(
      interfaces,
    );
  });

  it('tests the filters against the label of a name that is not UTF-8', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', [
      ['all', 0],
      ['default', 0],
      ['b', 0],
      [Buffer.from([0x62, 0xff]), 0],
    ]);
    const { values } = read(root, { rules: IPV4_ONLY, include: /^b\\xff$/ });
    expect(values.map((row) => row.interface)).toEqual(['all', 'default', 'b\\xff']);
  });

  it('chooses the same names in every family, and counts the others', () => {
    const root = makeRoot();
    const veths = Array.from({ length: 1_000 }, (_, index) => [`veth${index}`, 0] as const);
    writeConf(root, 'ipv4', [['all', 1], ['default', 0], ['lo', 0], ['bad4', 1], ['eth0', 0], ...veths]);
    writeConf(root, 'ipv6', [['all', 0], ['default', 0], ['lo', 0], ['only-written', 1], ['eth0', 0], ...veths]);
    mkdirSync(`${root}/sysfs/class/net/eth0/device`, { recursive: true });
    const posture = read(root, { interfacesMax: 7 });
    const names = (list: Posture['values'], family: string) =>
      list.filter((row) => row.family === family).map((row) => row.interface);
    expect(names(posture.values, 'ipv4')).toEqual(['all', 'default', 'bad4', 'eth0', 'lo', 'veth0']);
    expect(names(posture.values, 'ipv6')).toEqual(['all', 'default', 'eth0', 'lo', 'only-written', 'veth0']);
    expect(names(posture.effective, 'ipv4')).toEqual(['bad4', 'eth0', 'lo', 'veth0']);
    expect(posture.interfaces).toBe(1_004);
    expect(counts(posture)).toContain('ipv4 effective compliant 1002');
    expect(counts(posture)).toContain('ipv4 effective violating 1');
    expect(counts(posture)).toContain('ipv6 runtime compliant 1002');
    expect(counts(posture)).toContain('ipv6 runtime violating 1');
  });
});

describe('this machine', () => {
  it('can be read', () => {
    const posture = readPosture({ procfs: '/proc', sysfs: '/sys', rules: BUILT_IN_POLICY, interfacesMax: 64 });
    expect(posture.success).toBe(true);
    expect(posture.values).toContainEqual(expect.objectContaining({ family: 'ipv4', interface: 'lo' }));
    expect(posture.effective).toContainEqual(expect.objectContaining({ family: 'ipv4', interface: 'lo' }));
  });
});
