import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventLine } from '../e2e/event-lines.ts';
import { Samples } from '../e2e/exporter.ts';
import { parseExposition } from '../e2e/parse-exposition.ts';
import { type Container, PODMAN_NEEDS, Podman } from '../e2e/podman.ts';
import { describeReal } from '../e2e/required.ts';
import { Cleanups, makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

/** Debian's group of /var/log/kern.log. */
const ADM = 4;
const HARDENED = ['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
const DEVICE = ['--device', '/dev/kmsg'];
const SYSLOG = ['--cap-add', 'SYSLOG'];

describeReal('the image', { ...PODMAN_NEEDS, kmsg: true, commands: [...PODMAN_NEEDS.commands, 'ss', 'tar'] }, () => {
  const cleanups = new Cleanups();
  let podman: Podman;

  beforeAll(async () => {
    podman = await Podman.build(cleanups.add);
  }, 300_000);
  afterAll(() => cleanups.run());

  const samples = async ({ address }: Container) =>
    new Samples(parseExposition(await (await fetch(`http://${address}/metrics`)).text()));
  const logUp = async (container: Container) => (await samples(container)).sum('srcroute_log_up');
  const rights = ({ pid }: Container) =>
    Object.fromEntries(
      readFileSync(`/proc/${pid}/status`, 'utf8')
        .split('\n')
        .map((line) => line.split(/:\s+/))
        .filter(([name = '']) => ['CapEff', 'CapBnd', 'NoNewPrivs', 'Seccomp'].includes(name)),
    );

  it('has Node, the libraries it loads, and the program: no shell, no package manager', async () => {
    const { user, paths } = await podman.look();
    expect(user).toBe('65534:65534');
    const files = paths.filter((path) => !path.endsWith('/') && !path.startsWith('app/') && !/\.so\.\d+$/.test(path));
    // What podman puts there to mount its own over.
    const mountPoints = /^(?:dev|proc|run|sys|tmp|etc\/(?:hosts|hostname|resolv\.conf|mtab))/;
    expect(files.filter((path) => !mountPoints.test(path)).sort()).toEqual([
      'etc/group',
      'etc/nsswitch.conf',
      'etc/passwd',
      'usr/local/bin/node',
    ]);
    expect(paths.filter((path) => /^app\/node_modules\/(?:npm|typescript|vitest)\//.test(path))).toEqual([]);
    expect(paths).toContain('app/dist/main.js');
  });

  it('reads the device as root with CAP_SYSLOG and nothing else, on a read-only root', async () => {
    const volume = join(makeDirectory(), 'state');
    mkdirSync(volume);
    const container = await podman.start(
      [...HARDENED, '--user', '0', ...DEVICE, ...SYSLOG, '-v', '/proc:/host/proc:ro', '-v', `${volume}:/state`],
      ['--path.procfs=/host/proc', '--state.file=/state/state.json'],
    );
    await until('the log is read', async () => (await logUp(container)) === 1);
    expect(rights(container)).toEqual({
      CapEff: '0000000400000000',
      CapBnd: '0000000400000000',
      NoNewPrivs: '1',
      Seccomp: '2',
    });
    expect((await samples(container)).value('srcroute_host_network_namespace')).toBe(1);
    expect(await container.stop()).toBe(0);
    expect(JSON.parse(readFileSync(join(volume, 'state.json'), 'utf8'))).toMatchObject({});
  });

  it('follows a log file as nobody, with the group of the log and no capability, and saves its state in a new volume', async () => {
    const log = join(makeDirectory(), 'kern.log');
    writeFileSync(log, '', { mode: 0o640 });
    chownSync(log, 0, ADM);
    const container = await podman.start(
      [...HARDENED, '--group-add', String(ADM), '-v', `${join(log, '..')}:/host/log:ro`, '-v', '/state'],
      ['--input.file=/host/log/kern.log', '--state.file=/state/state.json'],
    );
    await until('the log is read', async () => (await logUp(container)) === 1);
    writeFileSync(log, eventLine('198.51.100.9'), { flag: 'a' });
    await until('it is counted', async () => (await samples(container)).sum('srcroute_events_total') === 1);
    expect((await samples(container)).sum('srcroute_state_saves_total', { outcome: 'success' })).toBeGreaterThan(0);
    expect(rights(container)).toMatchObject({ CapEff: '0000000000000000', NoNewPrivs: '1' });
    expect(await container.stop()).toBe(0);
  });

  // Why the documents say `--device` and `--cap-add SYSLOG`.
  it.each([
    ['mounted', ['--user', '0', ...SYSLOG, '-v', '/dev/kmsg:/dev/kmsg'], 'a container needs --device /dev/kmsg'],
    ['given without the capability', ['--user', '0', ...DEVICE], 'CAP_SYSLOG is missing'],
  ])('is refused the device when it is %s, and says what would help', async (_, options, help) => {
    const container = await podman.start([...HARDENED, ...options], []);
    await until('it says so', () => container.stderr.includes(help));
    expect(await logUp(container)).toBe(0);
    expect((await fetch(`http://${container.address}/-/healthy`)).status).toBe(200);
  });
});
