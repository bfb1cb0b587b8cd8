import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/posture/policy/parse-policy.ts';
import { BUILT_IN_POLICY } from '../../src/posture/policy/policy.ts';
import type { Predict, Prediction } from '../../src/posture/prediction.ts';
import { type Posture, type PostureOptions, readPosture } from '../../src/posture/runtime/runtime.ts';
import { makeRoot, writeConf, writeGlobals } from './make-proc.ts';

const IPV4_ONLY = BUILT_IN_POLICY.filter(({ family }) => family === 'ipv4');

/** Predicts what a table says, by the name in Latin-1; `undefined` for what is not in it. */
function predictFrom(table: Record<string, number>): Predict {
  const of = (name: string): Prediction =>
    name in table
      ? { value: table[name], origin: 'glob', file: '/etc/sysctl.d/a.conf', line: 3 }
      : { value: undefined, origin: 'kernel_default', file: '', line: undefined };
  return (_rule, names) => (names.length === 0 ? [of('')] : names.map((name) => of(name.toString('latin1'))));
}

function read(root: string, options: Partial<PostureOptions>): Posture {
  return readPosture({ procfs: root, sysfs: root, rules: IPV4_ONLY, interfacesMax: 64, ...options });
}

const rows = ({ persisted }: Posture) =>
  persisted.map((row) => `${row.family} ${row.interface}=${row.value}${row.compliant ? '' : ' !'}`);

describe('what a boot will make of it', () => {
  it('is asked in bytes, shown by label, judged and counted', () => {
    const root = makeRoot();
    const odd = Buffer.from([0x65, 0xff]);
    writeConf(root, 'ipv4', [
      ['all', 0],
      ['default', 0],
      ['eth0', 0],
      ['eth1', 0],
      [odd, 0],
    ]);
    const posture = read(root, { predict: predictFrom({ all: 0, default: 1, eth0: 1, 'e\xff': 0 }) });
    expect(rows(posture)).toEqual(['ipv4 all=0', 'ipv4 default=1 !', 'ipv4 eth0=1 !', 'ipv4 e\\xff=0']);
    expect(posture.persisted[0]).toEqual({
      family: 'ipv4',
      interface: 'all',
      sysctl: 'accept_source_route',
      value: 0,
      compliant: true,
      origin: 'glob',
      file: '/etc/sysctl.d/a.conf',
      line: 3,
    });
    expect(
      posture.counts.filter(({ scope }) => scope === 'persisted').map(({ verdict, count }) => [verdict, count]),
    ).toEqual([
      ['compliant', 1],
      ['violating', 1],
      ['unreadable', 1],
    ]);
  });

  it('is not there when nobody predicts', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries({ all: 0, default: 0, eth0: 0 }));
    const posture = read(root, {});
    expect(posture.persisted).toEqual([]);
    expect(posture.counts.map(({ scope }) => scope)).not.toContain('persisted');
  });

  it('is not asked of a family that the host has not', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries({ all: 0, default: 0 }));
    const asked: string[] = [];
    const predict: Predict = ({ family }, names) => {
      asked.push(`${family} ${names.map(String)}`);
      return [];
    };
    expect(read(root, { rules: BUILT_IN_POLICY, predict }).persisted).toEqual([]);
    expect(asked).toEqual(['ipv4 all,default']);
  });

  it('makes violators that come after those of today and before the rest', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries({ all: 0, default: 0, a: 0, b: 1, z: 0 }));
    const predict = predictFrom({ all: 0, default: 0, a: 0, b: 0, z: 1 });
    expect(read(root, { predict, interfacesMax: 4 }).values.map((row) => row.interface)).toEqual([
      'all',
      'default',
      'b',
      'z',
    ]);
    expect(rows(read(root, { predict, interfacesMax: 3 }))).toEqual(['ipv4 all=0', 'ipv4 default=0', 'ipv4 b=0']);
  });

  it('is one prediction for a sysctl that there is one of, unless it is a text or has no file', () => {
    const root = makeRoot();
    writeGlobals(root, { 'kernel/dmesg_restrict': 1, 'net/ipv6/icmp/ratemask': '1\n' });
    const text = 'rules:\n  - {sysctl: dmesg_restrict, expect: 1}\n  - sysctl: ratemask\n  - sysctl: message_cost\n';
    const posture = read(root, { rules: parsePolicy(text, 'p.yml'), predict: predictFrom({ '': 0 }) });
    expect(posture.persisted).toEqual([
      {
        family: '',
        interface: '',
        sysctl: 'dmesg_restrict',
        value: 0,
        compliant: false,
        origin: 'glob',
        file: '/etc/sysctl.d/a.conf',
        line: 3,
      },
    ]);
    expect(posture.counts).toEqual([]);
  });
});
