import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CheckRow } from '../../../src/check/check-row.ts';
import { Commands } from '../../../src/check/remedies/commands.ts';
import { labelBytes } from '../../../src/check/remedies/label-bytes.ts';
import { setNow } from '../../../src/check/remedies/set-now.ts';
import { BUILT_IN_POLICY, complies, type InterfaceRule } from '../../../src/posture/policy/policy.ts';

const SYSCTL = 'accept_source_route';
const [IPV4, IPV6] = BUILT_IN_POLICY as readonly [InterfaceRule, InterfaceRule];
const ODD = [
  '.mgmt',
  '..x',
  '-dash',
  'a=b',
  'st*r',
  "it's",
  'q"\\x5c{',
  '$(id)',
  '#x',
  'é',
  'b\\xff',
  SYSCTL.slice(0, 15),
];
const MANY = Array.from({ length: 700 }, (_, index) => `veth${index}`);
/** A directory of programs that come before all others: none, or those of busybox. */
const PROGRAMS = spawnSync('busybox', ['true']).error === undefined ? ['', 'busybox'] : [''];

function rows(
  { family, sysctl, expect: expected }: InterfaceRule,
  values: Readonly<Record<string, number>>,
): CheckRow[] {
  return Object.entries(values).map(([name, value]) => {
    const row = { family, sysctl, interface: name };
    const compliant = expected === undefined ? undefined : complies(value, expected);
    return { ...row, runtime: { ...row, value, compliant }, effective: undefined, persisted: undefined };
  });
}

const all = (labels: readonly string[], value = 1) => Object.fromEntries(labels.map((name) => [name, value]));
const commands = (values: Readonly<Record<string, number>>, { rule = IPV4, isFiltered = false } = {}) =>
  setNow(rule, rows(rule, values), isFiltered, new Commands(true));

/** A conf directory of one's own. Gives what runs commands on it, and what reads a value there. */
function makeConf(values: Readonly<Record<string, number>>) {
  const root = mkdtempSync(join(tmpdir(), 'srcroute-set-now-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const directory = (label: string) => Buffer.concat([Buffer.from(`${root}/sys/net/ipv4/conf/`), labelBytes(label)]);
  const path = (label: string) => Buffer.concat([directory(label), Buffer.from(`/${SYSCTL}`)]);
  for (const [label, value] of Object.entries(values)) {
    mkdirSync(directory(label), { recursive: true });
    writeFileSync(path(label), `${value}\n`);
  }
  // A neighbour that nothing may touch.
  writeFileSync(`${root}/sys/net/ipv4/conf/rp_filter`, '2\n');
  return {
    root,
    path,
    run: (programs: string, command: string) => {
      const bin = `${root}/bin`;
      if (!existsSync(bin)) mkdirSync(bin);
      if (programs !== '') {
        for (const name of ['sh', 'find', 'tee'])
          writeFileSync(`${bin}/${name}`, `#!/bin/sh\nexec busybox ${name} "$@"\n`, { mode: 0o755 });
      }
      const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
      // A relative path, so that the commands have the length that they have below /proc/sys.
      return spawnSync('sh', ['-c', command.replaceAll('/proc/sys', '../sys')], { encoding: 'utf8', env, cwd: bin });
    },
    read: (label: string) => readFileSync(path(label), 'utf8').trim(),
  };
}

describe('setNow', () => {
  it('takes one command each where there are few, that of sysctl where it takes the name without a warning', () => {
    expect(commands(all(['all', 'eth0.100', '.mgmt', '..x', 'a=b', 'b\\xff', '-dash']))).toEqual([
      'sysctl -w net.ipv4.conf.all.accept_source_route=0',
      'sysctl -w net/ipv4/conf/eth0.100/accept_source_route=0',
      'echo 0 | tee /proc/sys/net/ipv4/conf/.mgmt/accept_source_route > /dev/null',
      'echo 0 | tee /proc/sys/net/ipv4/conf/..x/accept_source_route > /dev/null',
      'echo 0 | tee /proc/sys/net/ipv4/conf/a=b/accept_source_route > /dev/null',
      `echo 0 |\n  tee "$(printf '/proc/sys/net/ipv4/conf/b\\377/accept_source_route')" > /dev/null`,
      'sysctl -w net.ipv4.conf.-dash.accept_source_route=0',
    ]);
  });

  it('sets what violates and nothing else', () => {
    expect(commands({ all: 0, eth0: 1 })).toEqual(['sysctl -w net.ipv4.conf.eth0.accept_source_route=0']);
    expect(commands({ all: 0, eth0: 0 })).toEqual([]);
  });

  describe.each(PROGRAMS)('by the programs of %j', (programs) => {
    it.each([
      ['every interface, however it is named', false],
      ['every interface that it is told to', true],
    ])('sets %s, where there are many', (_, isFiltered) => {
      const values = all(['all', 'default', ...ODD, ...MANY]);
      const conf = makeConf({ ...values, ...(isFiltered && { other0: 1 }) });
      const found = commands(values, { isFiltered });
      // What one argument of a command may hold.
      expect(Math.max(...found.map((command) => command.length))).toBeLessThan(128 * 1024);
      for (const command of found) expect(conf.run(programs, command)).toMatchObject({ status: 0, stderr: '' });
      expect(Object.keys(values).filter((label) => conf.read(label) !== '0')).toEqual([]);
      if (isFiltered) expect(conf.read('other0')).toBe('1');
      expect(readFileSync(`${conf.root}/sys/net/ipv4/conf/rp_filter`, 'utf8')).toBe('2\n');
    });

    it('leaves a stricter value of somebody else alone, also where there are many', () => {
      const values = { ...all(['default', ...ODD]), all: -1 };
      const conf = makeConf(values);
      for (const command of commands(values, { rule: IPV6 })) {
        expect(conf.run(programs, command.replaceAll('ipv6', 'ipv4')).status).toBe(0);
      }
      expect([conf.read('all'), ...ODD.map(conf.read)]).toEqual(['-1', ...ODD.map(() => '0')]);
    });

    it.each([false, true])('sets the others where an interface has gone (filtered: %s)', (isFiltered) => {
      const values = all(['gone', ...ODD]);
      const conf = makeConf(values);
      const [command = ''] = commands(values, { isFiltered });
      rmSync(`${conf.root}/sys/net/ipv4/conf/gone`, { recursive: true });
      expect(conf.run(programs, command).status).toBe(0);
      expect(ODD.map(conf.read)).toEqual(ODD.map(() => '0'));
    });

    it.each([false, true])(
      'fails where a value cannot be written, and sets the others (filtered: %s)',
      (isFiltered) => {
        const values = all(['bad', ...ODD]);
        const conf = makeConf(values);
        // Root may write any file: one that takes nothing.
        rmSync(conf.path('bad'));
        symlinkSync('/dev/full', conf.path('bad'));
        const [command = ''] = commands(values, { isFiltered });
        const { status, stderr } = conf.run(programs, command.replace('-type f', ''));
        expect(status).not.toBe(0);
        expect(stderr).not.toBe('');
        expect(ODD.map(conf.read)).toEqual(ODD.map(() => '0'));
      },
    );
  });
});
