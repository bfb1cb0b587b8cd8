import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventLine } from '../e2e/event-lines.ts';
import { Samples } from '../e2e/exporter.ts';
import { Namespace, setSysctl } from '../e2e/namespace.ts';
import { installPackage, packProject } from '../e2e/npm-package.ts';
import { parseExposition } from '../e2e/parse-exposition.ts';
import { describeReal, PYTHON } from '../e2e/required.ts';
import { SYSTEMD_NEEDS, Systemd } from '../e2e/systemd.ts';
import { Cleanups, ENVIRONMENT, makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

const UNIT = 'srcroute-exporter.service';
const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));
const PROBE = fileURLToPath(new URL('../e2e/probe-limits.py', import.meta.url));
const SENDER = '198.51.100.137';
const ATTEMPT = { event: 'source_route_attempt', source_ip: SENDER };

const unit = readFileSync(join(DEPLOY, 'systemd', UNIT), 'utf8');
const logFile = readFileSync(join(DEPLOY, 'systemd/log-file.conf'), 'utf8');

describeReal('what systemd says of the unit', { commands: ['systemd-analyze'] }, () => {
  it.each([
    ['the device', unit, 16],
    ['a log file', unit + logFile, 11],
  ])('with %s: its exposure, in tenths, and a reason for every protection that is left off', (_, text, exposure) => {
    const file = join(makeDirectory(), UNIT);
    writeFileSync(file, text);
    const analyze = (...args: string[]) =>
      spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', ...args, file], {
        env: ENVIRONMENT,
        encoding: 'utf8',
      });
    expect(analyze(`--threshold=${exposure}`).status).toBe(0);
    expect(analyze(`--threshold=${exposure - 1}`).status).not.toBe(0);
    const checks: { set: boolean; name: string; exposure: string | null }[] = JSON.parse(
      analyze('--json=short').stdout,
    );
    const left = checks.filter(({ set, exposure }) => !set && Number(exposure) > 0).map(({ name }) => name);
    const comments = text
      .split('\n')
      .filter((line) => line.startsWith('#'))
      .join('\n');
    expect(left.length).toBeGreaterThan(0);
    expect(left.filter((name) => !comments.includes(name))).toEqual([]);
  });
});

describeReal(
  'the service under systemd',
  { ...SYSTEMD_NEEDS, kmsg: true, commands: [...SYSTEMD_NEEDS.commands, 'npm', 'ip', 'nft'] },
  () => {
    const cleanups = new Cleanups();
    let systemd: Systemd;
    let installed: string;
    let attempt: () => void;

    /** Boots with the installed package, and with the drop-ins of a test and of an operator. */
    const boot = async (...dropIns: readonly string[]) => {
      const started = await Systemd.start(
        {
          [UNIT]: unit,
          [`${UNIT}.d/test.conf`]: `[Service]
ExecStartPost=${PYTHON} /run/units/probe-limits.py
WorkingDirectory=%S/srcroute-exporter
StandardError=append:/run/exporter.log
StandardOutput=file:/run/probe.json
`,
          'probe-limits.py': readFileSync(PROBE, 'utf8'),
          ...Object.fromEntries(dropIns.map((text, index) => [`${UNIT}.d/${index}.conf`, text])),
        },
        {
          'etc/default/srcroute-exporter':
            'OPTIONS="--web.listen-address=127.0.0.1:0 --sources.max=10000 --sysctl.policy=/etc/srcroute-exporter/policy.yaml"\n',
          'etc/srcroute-exporter/policy.yaml': readFileSync(join(DEPLOY, 'policy/extended.yaml'), 'utf8'),
          'var/log/kern.log': '',
        },
        cleanups.add,
      );
      started.copy(installed, '/opt/srcroute-exporter');
      // Before any other on the path of a service.
      started.copy(process.execPath, '/usr/local/bin/node');
      await started.run('chown', 'root:adm', '/var/log/kern.log');
      await started.run('chmod', '640', '/var/log/kern.log');
      return started;
    };
    const address = () =>
      systemd
        .read('/run/exporter.log')
        .match(/(?<=msg=Listening address=)\S+/g)
        ?.at(-1);
    const samples = async () => {
      const response = await fetch(`http://${address()}/metrics`);
      if (response.status !== 200) throw new Error(`The scrape gave ${response.status}`);
      return new Samples(parseExposition(await response.text()));
    };
    const start = async () => {
      await systemd.control('start', UNIT);
      await until('it reads', async () => (await samples()).sum('srcroute_log_up') === 1);
    };
    const counted = (number: number, labels: Readonly<Record<string, string>>) =>
      until(`${number} are counted`, async () => {
        const value = (await samples()).value('srcroute_source_events_total', labels);
        if (value !== number) throw new Error(`There are ${value}; it said: ${systemd.read('/run/exporter.log')}`);
        return true;
      });
    const probe = (): Record<string, string> => JSON.parse(systemd.read('/run/probe.json'));

    beforeAll(() => {
      installed = dirname(dirname(dirname(installPackage(packProject(cleanups.add).tarball, cleanups.add))));
    });
    afterAll(() => cleanups.run());

    describe('with the device', () => {
      beforeAll(async () => {
        systemd = await boot();
        setSysctl('net/netfilter/nf_log_all_netns', 1, cleanups.add);
        const sender = new Namespace(cleanups.add);
        sender.run('ip', 'address', 'add', `${SENDER}/32`, 'dev', 'lo');
        sender.nft(`table inet srcroute {
          chain output {
            type filter hook output priority 0
            udp dport 9 log prefix "SRC ROUTE ATTEMPT: "
          }
        }`);
        attempt = () => void sender.run('bash', '-c', `echo >/dev/udp/${SENDER}/9`);
        await start();
      });

      it('reads the log of the kernel', async () => {
        attempt();
        await counted(1, ATTEMPT);
      });

      it('sees the posture of the host', async () => {
        const now = await samples();
        expect(now.value('srcroute_host_network_namespace')).toBe(1);
        expect(now.of('srcroute_collector_success').map(({ value }) => value)).not.toContain(0);
        expect(now.sum('srcroute_sysctl_interfaces', { scope: 'runtime', verdict: 'unreadable' })).toBe(0);
        expect(now.of('srcroute_sysctl_persisted_value').length).toBeGreaterThan(0);
      });

      it('can do nothing else', () => {
        expect(probe()).toMatchInlineSnapshot(`
          {
            "ask syslog(2)": "EPERM",
            "become root": "EPERM",
            "capabilities": "0000000400000000",
            "change the owner of a file": "EPERM",
            "change the personality": "EPERM",
            "change the root": "EPERM",
            "dump core": "EPERM",
            "make a device": "EPERM",
            "make a mount namespace": "EPERM",
            "make a network namespace": "EPERM",
            "make a setuid file": "EPERM",
            "make a user namespace": "EPERM",
            "mount": "EPERM",
            "open a TCP socket": "allowed",
            "open a netlink socket": "EAFNOSUPPORT",
            "open a packet socket": "EAFNOSUPPORT",
            "open a raw socket": "EPERM",
            "open another device": "ENOENT",
            "read /root": "EACCES",
            "read the kernel log": "allowed",
            "see other processes": "ENOENT",
            "take real time": "EPERM",
            "write /etc": "EROFS",
            "write its own program": "EROFS",
            "write its state": "allowed",
            "write the kernel log": "EACCES",
          }
        `);
      });

      it('stays within its limits', async () => {
        expect(await systemd.property(UNIT, 'MemoryMax')).toBe(String(256 << 20));
        expect(Number(await systemd.property(UNIT, 'MemoryCurrent'))).toBeLessThan(256 << 20);
        expect(Number(await systemd.property(UNIT, 'TasksCurrent'))).toBeLessThan(32);
      });

      it('counts on after it was killed, and nothing twice', async () => {
        await systemd.control('kill', '--signal=KILL', UNIT);
        await until('it is gone', async () => (await systemd.property(UNIT, 'ActiveState')) === 'activating');
        attempt();
        await until('systemd started it again', async () => (await systemd.property(UNIT, 'ActiveState')) === 'active');
        await counted(2, ATTEMPT);
      });

      it('reads its files again at a reload', async () => {
        const before = systemd.read('/run/exporter.log').length;
        await systemd.control('reload', UNIT);
        await until('it says so', () => /policy\.yaml/.test(systemd.read('/run/exporter.log').slice(before)));
        expect(await systemd.property(UNIT, 'ActiveState')).toBe('active');
      });

      it('stops with its state saved', async () => {
        attempt();
        await counted(3, ATTEMPT);
        await systemd.control('stop', UNIT);
        expect(await systemd.property(UNIT, 'Result')).toBe('success');
        expect(await systemd.property(UNIT, 'ExecMainStatus')).toBe('0');
        expect(systemd.read('/var/lib/private/srcroute-exporter/state.json')).toContain(SENDER);
      });
    });

    describe('with a log file', () => {
      beforeAll(async () => {
        systemd = await boot(logFile);
        await start();
      });

      it('follows it', async () => {
        await systemd.run('bash', '-c', `echo -n '${eventLine(SENDER)}' >>/var/log/kern.log`);
        await counted(1, { event: 'source_route_option', source_ip: SENDER });
      });

      it('has no capability, and no kernel log', () => {
        expect(probe()).toMatchObject({ capabilities: '0000000000000000', 'read the kernel log': 'ENOENT' });
      });
    });
  },
);
