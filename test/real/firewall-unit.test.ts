import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PROGRAM } from '../e2e/exporter.ts';
import { Namespace } from '../e2e/namespace.ts';
import { describeReal } from '../e2e/required.ts';
import { SYSTEMD_NEEDS, Systemd } from '../e2e/systemd.ts';
import { Cleanups, ENVIRONMENT } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';
import { HOSTS } from '../fixtures/hosts/hosts.ts';
import { type Host, makeHost } from '../fixtures/hosts/make-host.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const UNIT = 'srcroute-firewall.service';
const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));
const NFTABLES = '/lib/systemd/system/nftables.service';
const target = (more: string) => `[Unit]\nDefaultDependencies=no\n${more}`;
/** What Debian's units are ordered by. */
const TARGETS = {
  'network-pre.target': target(''),
  'network-online.target': target('After=network-pre.target network.target\n'),
  'multi-user.target': target('Requires=basic.target\nAfter=basic.target\n'),
  // Wants at once what a boot does.
  'boot.target': target('Wants=sysinit.target nftables.service docker.service srcroute-firewall.service\n'),
};
/** Other firewalls: each loads a table and never flushes those of others. Docker is ordered late. */
const service = (name: string, more = '') => `[Unit]
${more}
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft add table inet ${name}
ExecStop=/usr/sbin/nft delete table inet ${name}
`;
const OTHERS = {
  'docker.service': service('docker', 'Wants=network-online.target\nAfter=network-online.target'),
  'firewalld.service': service('firewalld', 'Before=network-pre.target\nConflicts=nftables.service'),
};

describeReal(
  'the unit of the firewall rules',
  {
    ...SYSTEMD_NEEDS,
    files: [...(SYSTEMD_NEEDS.files ?? []), NFTABLES, '/etc/nftables.conf'],
    commands: [...SYSTEMD_NEEDS.commands, 'ip', 'nft'],
  },
  () => {
    const cleanups = new Cleanups();
    let systemd: Systemd;
    const file = (path: string) => readFileSync(`${DEPLOY}${path}`, 'utf8');

    afterAll(() => cleanups.run());

    /** Runs systemctl and waits for the jobs that it brought with it. */
    const control = async (...args: string[]) => {
      await systemd.control(...args);
      await until('no job is left', async () => (await systemd.control('list-jobs')).includes('No jobs'));
    };
    const tables = async () => (await systemd.run('nft', 'list', 'tables')).split('\n').filter(Boolean).sort();
    const state = () => systemd.property(UNIT, 'ActiveState');
    const rules = () => systemd.run('nft', '--stateless', 'list', 'ruleset');

    const boot = async () => {
      systemd = await Systemd.start(
        { ...TARGETS, ...OTHERS, 'nftables.service': readFileSync(NFTABLES, 'utf8') },
        { 'etc/nftables.conf': '#!/usr/sbin/nft -f\nflush ruleset\ntable inet filter {\n}\n' },
        cleanups.add,
        new Namespace(cleanups.add),
      );
    };

    describe('by the commands of check', () => {
      beforeAll(boot);

      it('is enabled and running, and nftables.service is neither', async () => {
        for (const command of firewallCommands()) await systemd.run('sh', '-c', command);
        expect(await state()).toBe('active');
        expect(await systemd.property(UNIT, 'UnitFileState')).toBe('enabled');
        expect(await systemd.property('nftables.service', 'UnitFileState')).toBe('disabled');
        expect(await systemd.property('nftables.service', 'ActiveState')).toBe('inactive');
        expect(await tables()).toEqual(['table inet srcroute']);
        expect((await rules()).match(/SRC ROUTE ATTEMPT: /g)).toHaveLength(3);
      });

      it('is not enabled where it cannot be started', async () => {
        await control('disable', UNIT);
        await control('stop', UNIT);
        await systemd.run(
          'sh',
          '-c',
          'mv /usr/sbin/nft /usr/sbin/nft.kept; printf "#!/bin/sh\\nexec /usr/sbin/nft.kept \\"\\$@\\"\\n" > /usr/bin/nft; chmod +x /usr/bin/nft',
        );
        const all = firewallCommands().map((command) => systemd.run('sh', '-c', command));
        await expect(all.at(-1)).rejects.toThrow();
        expect(await systemd.property(UNIT, 'UnitFileState')).toBe('disabled');
        await systemd.run('sh', '-c', 'rm /usr/bin/nft; mv /usr/sbin/nft.kept /usr/sbin/nft');
      });

      it('brings the table back when the commands are run again after a flush', async () => {
        await systemd.run('nft', 'flush', 'ruleset');
        for (const command of firewallCommands()) await systemd.run('sh', '-c', command);
        expect((await rules()).match(/SRC ROUTE ATTEMPT: /g)).toHaveLength(3);
      });

      it('stays whatever nftables.service does, which flushes all tables', async () => {
        for (const act of ['start', 'restart', 'reload', 'restart', 'stop', 'start'] as const) {
          await control(act, 'nftables');
          expect([act, await state(), await tables()]).toEqual([
            act,
            'active',
            [...(act === 'stop' ? [] : ['table inet filter']), 'table inet srcroute'],
          ]);
        }
        // Stops nftables.service, as it conflicts with it.
        await control('start', 'firewalld');
        expect([await state(), await tables()]).toEqual(['active', expect.arrayContaining(['table inet srcroute'])]);
        await control('stop', 'firewalld');
      });
    });

    describe('as it is shipped', () => {
      beforeAll(async () => {
        await boot();
        for (const [from, to] of [
          ['nftables/srcroute.nft', '/etc/srcroute-exporter/srcroute.nft'],
          ['nftables/srcroute-enforce.nft', '/etc/srcroute-exporter/srcroute-enforce.nft'],
          ['systemd/srcroute-firewall.service', `/etc/systemd/system/${UNIT}`],
        ] as const) {
          systemd.copy(`${DEPLOY}${from}`, to);
        }
        await systemd.control('daemon-reload');
      });
      beforeEach(async () => {
        await systemd.run('nft', 'flush', 'ruleset');
        await control('restart', UNIT);
      });

      it('is no part of a cycle, and is ordered after what is started with it', async () => {
        await control('enable', UNIT, 'nftables');
        await control('stop', UNIT);
        await control('start', 'boot.target');
        expect(await tables()).toEqual(['table inet docker', 'table inet filter', 'table inet srcroute']);
        const time = async (unit: string, name: string) => Number(await systemd.property(unit, name));
        for (const unit of ['nftables.service', 'docker.service']) {
          expect(await time(UNIT, 'InactiveExitTimestampMonotonic'), unit).toBeGreaterThanOrEqual(
            await time(unit, 'ActiveEnterTimestampMonotonic'),
          );
        }
        for (const unit of ['nftables', 'docker']) await control('stop', unit);
      });

      it('loads the file again at a reload, and touches nothing else', async () => {
        await systemd.run('nft', 'table inet other { chain c { accept; }; }; delete table inet srcroute');
        await control('reload', UNIT);
        expect(await tables()).toEqual(['table inet other', 'table inet srcroute']);
        expect(await rules()).toContain('begun-ipv4');
      });

      it('unloads only the table, and does not mind if that is gone', async () => {
        await systemd.run('nft', 'add table inet other');
        await control('stop', UNIT);
        expect(await tables()).toEqual(['table inet other']);
        await control('start', UNIT);
        await systemd.run('nft', 'delete table inet srcroute');
        await control('stop', UNIT);
        expect([await state(), await systemd.property(UNIT, 'Result')]).toEqual(['inactive', 'success']);
      });

      it('stays after a restart and a reload of nftables.service without any drop-in', async () => {
        await control('start', 'nftables');
        await control('start', UNIT);
        for (const act of ['restart', 'reload', 'restart'] as const) {
          await control(act, 'nftables');
          expect([act, await state(), await tables()]).toEqual([
            act,
            'active',
            expect.arrayContaining(['table inet srcroute']),
          ]);
        }
      });

      it('does not lose the table when the file is wrong', async () => {
        const wrong = 'table inet srcroute\ndelete table inet srcroute\ntable inet srcroute { nonsense }\n';
        await systemd.run('sh', '-c', 'cp /etc/srcroute-exporter/srcroute.nft /run/kept.nft');
        onTestFinished(
          async () => void (await systemd.run('cp', '/run/kept.nft', '/etc/srcroute-exporter/srcroute.nft')),
        );
        await systemd.run('sh', '-c', `echo "$1" > /etc/srcroute-exporter/srcroute.nft`, 'sh', wrong);
        await expect(systemd.control('reload', UNIT)).rejects.toThrow();
        expect(await tables()).toEqual(['table inet srcroute']);
      });

      it('loads a file from a directory that only another user may read', async () => {
        await systemd.run('sh', '-c', 'chown nobody /etc/srcroute-exporter && chmod 700 /etc/srcroute-exporter');
        onTestFinished(async () => void (await systemd.run('chown', 'root', '/etc/srcroute-exporter')));
        await systemd.run('nft', 'flush', 'ruleset');
        await control('restart', UNIT);
        expect(await tables()).toEqual(['table inet srcroute']);
      });

      it('keeps the table when systemd itself starts anew', async () => {
        await systemd.control('daemon-reexec');
        await until('systemd answers', async () => (await state()) === 'active');
        await control('reload', UNIT);
        expect([await state(), await tables()]).toEqual(['active', ['table inet srcroute']]);
      });

      it('loads and unloads what drops by its drop-in', async () => {
        const directory = `/etc/systemd/system/${UNIT}.d`;
        systemd.copy(`${DEPLOY}systemd/srcroute-enforce.conf`, `${directory}/enforce.conf`);
        onTestFinished(async () => void (await systemd.run('rm', '-r', directory)));
        await systemd.control('daemon-reload');
        await control('restart', UNIT);
        expect(await tables()).toEqual(['table inet srcroute', 'table inet srcroute_enforce']);
        await control('reload', UNIT);
        expect(await tables()).toEqual(['table inet srcroute', 'table inet srcroute_enforce']);
        await control('stop', UNIT);
        expect(await tables()).toEqual([]);
      });

      it('has no right but to change the network, and to read the file', () => {
        expect(file(`systemd/${UNIT}`)).toContain('\nCapabilityBoundingSet=CAP_NET_ADMIN CAP_DAC_READ_SEARCH\n');
        const analyze = ['security', '--offline=true', '--no-pager', '--threshold=40', `${DEPLOY}systemd/${UNIT}`];
        expect(spawnSync('systemd-analyze', analyze, { env: ENVIRONMENT }).status).toBe(0);
      });
    });
  },
);

/** What check prints to root about the firewall of a host that boots by systemd. */
function firewallCommands(): readonly string[] {
  const args = [PROGRAM, 'check', '--format=json', ...makeHost(HOSTS['debian-12'] as Host)];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const { findings }: { findings: { kind: string; remedies: { commands: string[] }[] }[] } = JSON.parse(stdout);
  return findings
    .filter(({ kind }) => kind === 'firewall')
    .flatMap(({ remedies }) => remedies)
    .flatMap(({ commands }) => commands);
}
