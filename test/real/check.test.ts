import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { PROGRAM } from '../e2e/exporter.ts';
import { describeReal } from '../e2e/required.ts';
import { ENVIRONMENT } from '../e2e/tools.ts';
import { makeDirectory } from '../input/follow.ts';

const SYSTEMD_SYSCTL = '/lib/systemd/systemd-sysctl';

/**
 * A host that accepts after a boot on interfaces of names that sysctl takes and names that it does not, by lines that are hard to beat.
 * Takes an empty directory.
 */
const SETUP = `set -e
cp -a /etc "$1/etc"
mount --bind "$1/etc" /etc
mount -t tmpfs tmpfs /run
ip link set lo up
n=0
for name in plain eth0.100 a=b 'st*r' "it's" 'q"\\{' é $'b\\xff' '#x' -dash; do
  n=$((n + 1)); ip link add name "peer$n" type veth peer name "$name"
done
rm -f /etc/sysctl.d/*
printf '%s\\n' net.ipv4.conf.all.accept_source_route=1 'net.ipv4.conf.*.accept_source_route=0' \\
  'net.ipv4.conf.?*.accept_source_route=1' > /etc/sysctl.d/10-router.conf
echo net/ipv4/conf/eth0.100/accept_source_route=1 > /etc/sysctl.d/20-vlan.conf
echo net.ipv4.conf.plain.accept_source_route=1 > /etc/sysctl.d/99-zzz-late.conf
printf '%s\\n' '# router' net.ipv4.conf.all.accept_source_route=1 net.ipv4.conf.lo.accept_source_route=1 > /etc/sysctl.conf
echo ready
exec sleep infinity`;

interface Answer {
  readonly verdict: string;
  readonly findings: readonly {
    readonly severity: string;
    readonly kind: string;
    readonly remedies: readonly { readonly when: string; readonly commands: readonly string[] }[];
  }[];
}

/** Network, /etc and /run of one's own, which go with the running test. Gives what runs a command in there. */
async function makeWorld(...more: string[]) {
  const arguments_ = ['-n', '-m', '--propagation', 'private', 'bash', '-c', SETUP, 'setup', makeDirectory()];
  const child = spawn('unshare', arguments_, { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await Promise.race([once(child.stdout, 'data'), ended.then(() => Promise.reject(new Error('The setup has failed')))]);
  const run = (...command: string[]) => {
    const options = { env: ENVIRONMENT, encoding: 'utf8' } as const;
    return spawnSync('nsenter', ['-t', String(child.pid), '-n', '-m', ...command], options);
  };
  for (const line of more) expect(run('sh', '-ec', line)).toMatchObject({ status: 0 });
  return run;
}

type Run = Awaited<ReturnType<typeof makeWorld>>;

function check(run: Run): { code: number | null; answer: Answer } {
  const { status, stdout, stderr } = run(process.execPath, PROGRAM, 'check', '--format=json');
  expect(stderr).toBe('');
  return { code: status, answer: JSON.parse(stdout) };
}

const SYSCTL = 'accept_source_route';
const SET_ALL = (value: number) => `for file in /proc/sys/net/ipv4/conf/*/${SYSCTL}; do echo ${value} > "$file"; done`;
/** All accept: one command with a pattern mends that. */
const MANY = SET_ALL(1);
/** Few enough for a command each, of names that want it done in different ways. */
const FEW = `${SET_ALL(0)}; cd /proc/sys/net/ipv4/conf
for name in all lo eth0.100 a=b 'st*r' "it's" 'q"\\{' "$(printf 'b\\377')"; do echo 1 > "$name/${SYSCTL}"; done`;

describeReal(
  'the commands of check',
  { root: true, commands: ['unshare', 'nsenter', 'ip', 'sysctl', 'nft'], files: [SYSTEMD_SYSCTL] },
  () => {
    it.each([
      { applier: 'systemd', setup: 'mkdir -p /run/systemd/system', boot: SYSTEMD_SYSCTL, accept: MANY, commands: 1 },
      { applier: 'systemd', setup: 'mkdir -p /run/systemd/system', boot: SYSTEMD_SYSCTL, accept: FEW, commands: 8 },
      { applier: 'procps', setup: 'true', boot: 'sysctl --quiet --system', accept: MANY, commands: 1 },
    ])('mend what it finds, now ($commands) and for a boot by $applier', async ({ setup, boot, accept, commands }) => {
      const run = await makeWorld(setup, accept);
      const before = check(run);
      expect(before).toMatchObject({ code: 1, answer: { verdict: 'violating' } });
      const remedies = before.answer.findings
        .filter(({ severity }) => severity === 'violation')
        .flatMap((finding) => finding.remedies);
      expect(remedies.filter(({ when }) => when === 'now').flatMap((remedy) => remedy.commands)).toHaveLength(commands);
      expect(remedies.map(({ when }) => when)).toContain('boot');

      for (const command of remedies.flatMap((remedy) => remedy.commands)) {
        expect(run('sh', '-c', command), command).toMatchObject({ status: 0, stderr: '' });
      }
      expect(check(run)).toMatchObject({ code: 0, answer: { verdict: 'compliant' } });

      // What the applier itself makes of the files, from values that it has to change.
      run('sh', '-c', SET_ALL(1));
      expect(check(run).code).toBe(1);
      run('sh', '-c', boot);
      expect(check(run)).toMatchObject({ code: 0, answer: { verdict: 'compliant' } });
    });

    it('log packets with a source route, once however often they are run', async () => {
      const run = await makeWorld();
      const { answer } = check(run);
      const [now] = answer.findings.filter(({ kind }) => kind === 'firewall').flatMap(({ remedies }) => remedies);
      for (let n = 0; n < 2; n += 1) {
        for (const command of now?.commands ?? [])
          expect(run('sh', '-c', command)).toMatchObject({ status: 0, stderr: '' });
        expect(run('nft', 'list', 'ruleset').stdout.match(/SRC ROUTE ATTEMPT: /g)).toHaveLength(3);
      }
    });
  },
);
