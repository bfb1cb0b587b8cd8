import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { PROGRAM } from '../e2e/exporter.ts';
import { describeReal } from '../e2e/required.ts';
import { ENVIRONMENT } from '../e2e/tools.ts';
import { makeDirectory } from '../input/follow.ts';

const SYSTEMD_SYSCTL = '/lib/systemd/systemd-sysctl';
const SYSCTL = 'accept_source_route';
const CONF = '/proc/sys/net/ipv4/conf';

/** /etc and /usr that may be written to, without any sysctl file, an empty /run, and nothing but lo. Takes an empty directory. */
const SETUP = `set -e
mount -t tmpfs tmpfs "$1"
for path in etc usr; do
  mkdir "$1/$path" "$1/$path.work"
  mount -t overlay overlay -o "lowerdir=/$path,upperdir=$1/$path,workdir=$1/$path.work" "/$path"
done
mount -t tmpfs tmpfs /run
rm -rf /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d /usr/local/lib/sysctl.d
mkdir -p /etc/sysctl.d /run/sysctl.d /usr/lib/sysctl.d /usr/local/lib/sysctl.d /usr/lib/package
ip link set lo up
echo ready
exec sleep infinity`;

/** What each file holds and where each link leads, one a line, the path at its end. */
const FILES = `find /etc /usr/lib/sysctl.d /usr/lib/package /usr/local/lib/sysctl.d /run/sysctl.d \\
  -type f -exec md5sum {} + -o -type l -printf 'link to %l %p\\n'`;

interface Remedy {
  readonly when: string;
  readonly costs: string;
  readonly commands: readonly string[];
}
interface Answer {
  readonly verdict: string;
  readonly findings: readonly { readonly severity: string; readonly remedies: readonly Remedy[] }[];
}

/** A world that goes with the running test. Gives what runs a script in it, and what it prints. Throws where the script fails. */
async function makeWorld() {
  const options = ['-n', '-m', '--propagation', 'private', 'bash', '-c', SETUP, 'setup', makeDirectory()];
  const child = spawn('unshare', options, { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await Promise.race([once(child.stdout, 'data'), ended.then(() => Promise.reject(new Error('The setup has failed')))]);
  const enter = (...command: string[]) =>
    spawnSync('nsenter', ['-t', String(child.pid), '-n', '-m', ...command], {
      env: ENVIRONMENT,
      encoding: 'latin1',
      maxBuffer: 2 ** 26,
    });
  const run = (script: string, shell = 'bash') => {
    const { status, stdout, stderr } = enter(shell, '-c', script);
    if (status !== 0 || stderr !== '') throw new Error(`${script}\nends with ${status}: ${stderr}`);
    return stdout;
  };
  const check = (...flags: string[]): { code: number | null; answer: Answer } => {
    const { status, stdout } = enter(process.execPath, PROGRAM, 'check', '--format=json', ...flags);
    return { code: status, answer: JSON.parse(Buffer.from(stdout, 'latin1').toString()) };
  };
  return { run, check };
}

type World = Awaited<ReturnType<typeof makeWorld>>;

function commandsOf({ findings }: Answer, when: string): readonly string[] {
  return findings
    .filter(({ severity }) => severity === 'violation')
    .flatMap(({ remedies }) => remedies.filter((remedy) => remedy.when === when).flatMap(({ commands }) => commands));
}

/** The interfaces that are not at 0, one a line. Names that begin with a dot are missed by a pattern. */
function accepting({ run }: World): string {
  return run(
    `cd ${CONF}; for d in * .[!.]* ..?*; do [ -e "$d" ] || continue; read -r v < "$d/${SYSCTL}"; [ "$v" = 0 ] || echo "$d"; done`,
  );
}

function setAll({ run }: World, value: number): void {
  run(`find ${CONF} -name ${SYSCTL} -exec sh -c 'for f do echo ${value} > "$f"; done' sh {} +`);
}

const ADD = (names: string) => `for name in ${names}; do ip link add name "$name" type bridge; done`;
const ODD = `.mgmt ..x eth0.100 a=b 'st*r' "it's" 'q"\\{' é $'b\\xff' '#x' -dash '$(id)' '\`x'`;
const ACCEPTS = `net.ipv4.conf.all.${SYSCTL}=1`;
/** Under systemd a key that keeps its value keeps its place: no later file moves these behind the patterns of others. */
const KEEPS_PLACE = `printf '%s\\n' 'net.ipv4.conf.*.${SYSCTL}=0' 'net/ipv4/conf/a?b/${SYSCTL}=0' > /etc/sysctl.d/10-early.conf`;
const LATE = `printf '%s\\n' net.ipv4.conf.all.rp_filter=1 'net/ipv4/conf/a*b/${SYSCTL}=1' 'net/ipv4/conf/*b/arp_ignore=1'`;
const SYSTEMD = { boot: SYSTEMD_SYSCTL, prepare: 'mkdir -p /run/systemd/system' };
const PROCPS = { boot: 'sysctl --quiet --system', prepare: 'true' };

/** Changed: every file that the commands may write or replace. */
const HOSTS = [
  {
    name: 'names that begin with a dot, and other odd names',
    applier: SYSTEMD,
    setup: `${ADD(ODD)}; echo ${ACCEPTS} > /etc/sysctl.d/50.conf`,
    changed: ['/etc/sysctl.d/99-zz-source-route.conf'],
  },
  {
    name: 'lines of a package for interfaces of odd names',
    applier: SYSTEMD,
    setup: `${ADD(ODD)}; for name in all ${ODD.replace("a=b 'st*r'", '')}; do
      printf '%s\\n' "net/ipv4/conf/$name/${SYSCTL}=1"; done > /usr/lib/sysctl.d/50.conf`,
    changed: ['/etc/sysctl.d/50.conf', '/etc/sysctl.d/99-zz-source-route.conf'],
  },
  {
    name: 'a file of a package that sorts late',
    applier: SYSTEMD,
    setup: `echo ${ACCEPTS} > /usr/lib/sysctl.d/zzzzzzz.conf; echo ${ACCEPTS} > /usr/local/lib/sysctl.d/$'\\xc3\\xa9.conf'
      echo ${ACCEPTS} > /etc/sysctl.d/~x.conf`,
    changed: ['/etc/sysctl.d/\xc3\xa9z-source-route.conf'],
  },
  {
    name: 'a file of a package that no late name beats',
    applier: SYSTEMD,
    setup: `${ADD('a=b')}; ${KEEPS_PLACE}; ${LATE} > /usr/local/lib/sysctl.d/50-package.conf`,
    changed: ['/etc/sysctl.d/50-package.conf', '/etc/sysctl.d/99-zz-source-route.conf'],
  },
  {
    name: 'a link to a file of a package that no late name beats',
    applier: SYSTEMD,
    setup: `${ADD('a=b')}; ${KEEPS_PLACE}; ${LATE} > /usr/lib/package/x; ln -s /usr/lib/package/x /etc/sysctl.d/50-link.conf`,
    changed: ['/etc/sysctl.d/50-link.conf', '/etc/sysctl.d/99-zz-source-route.conf'],
  },
  {
    name: "Debian's link to /etc/sysctl.conf, whose line no late name beats",
    applier: SYSTEMD,
    setup: `${ADD('a=b')}; ${KEEPS_PLACE}; ${LATE} > /etc/sysctl.conf; ln -s ../sysctl.conf /etc/sysctl.d/99-sysctl.conf`,
    changed: ['/etc/sysctl.conf', '/etc/sysctl.d/99-zz-source-route.conf'],
  },
  {
    name: '/etc/sysctl.conf, which procps reads last',
    applier: PROCPS,
    setup: `printf '%s\\n' '# mine' '${ACCEPTS}' net.ipv4.conf.all.rp_filter=1 > /etc/sysctl.conf`,
    changed: ['/etc/sysctl.conf', '/etc/sysctl.d/99-zz-source-route.conf'],
  },
  {
    name: '/etc/sysctl.conf, which is a link to a file of a package',
    applier: PROCPS,
    setup: `printf '%s\\n' '${ACCEPTS}' net.ipv4.conf.all.rp_filter=1 > /usr/lib/package/x; ln -s /usr/lib/package/x /etc/sysctl.conf`,
    changed: ['/etc/sysctl.conf', '/etc/sysctl.d/99-zz-source-route.conf'],
  },
  {
    name: 'a file below /run that hides one of a package',
    applier: SYSTEMD,
    setup: `echo net.ipv4.conf.lo.${SYSCTL}=1 > /usr/lib/sysctl.d/zzz.conf; echo ${ACCEPTS} > /run/sysctl.d/zzz.conf`,
    changed: ['/etc/sysctl.d/zzzz-source-route.conf'],
  },
  {
    name: 'a file of our name with lines of somebody else',
    applier: SYSTEMD,
    setup: `printf '%s\\n' ${ACCEPTS} net.ipv4.conf.all.rp_filter=1 > /etc/sysctl.d/99-zz-source-route.conf`,
    changed: ['/etc/sysctl.d/z-source-route.conf'],
  },
  {
    name: 'no /etc/sysctl.d',
    applier: SYSTEMD,
    setup: `rm -r /etc/sysctl.d; echo ${ACCEPTS} > /usr/lib/sysctl.d/50.conf`,
    changed: ['/etc/sysctl.d/99-zz-source-route.conf'],
  },
];

describeReal(
  'the sysctl remedies of check',
  { root: true, commands: ['unshare', 'nsenter', 'ip', 'sysctl'], files: [SYSTEMD_SYSCTL] },
  () => {
    it.each(HOSTS)('hold now and after a boot, and change nothing else: $name', async ({ applier, setup, changed }) => {
      const world = await makeWorld();
      const { run, check } = world;
      run(`${applier.prepare}; ${setup}`);
      const others = `grep -H . ${CONF}/*/rp_filter ${CONF}/*/arp_ignore`;
      // A boot: an empty /run, values that the files have to change, the applier.
      const reboot = () => {
        run(
          `rm -rf /run/*; ${applier.prepare}; for f in ${CONF}/*/rp_filter ${CONF}/*/arp_ignore; do echo 0 > "$f"; done`,
        );
        setAll(world, 1);
        run(applier.boot);
        return run(others);
      };
      run('cp -a /run /usr/lib/package/run');
      const othersBefore = reboot();
      run('cp -a /usr/lib/package/run/. /run; rm -r /usr/lib/package/run');
      setAll(world, 1);
      const filesBefore = run(FILES);

      const { code, answer } = check();
      expect(code).toBe(1);
      for (const command of commandsOf(answer, 'now')) run(command, 'sh');
      expect(accepting(world)).toBe('');

      // Twice: a person who is not sure runs them again.
      const persistent = commandsOf(answer, 'boot');
      expect(persistent).not.toEqual([]);
      for (const command of persistent) run(command, 'sh');
      const filesAfter = run(FILES);
      for (const command of persistent) run(command, 'sh');
      expect(run(FILES)).toBe(filesAfter);
      const lines = new Set(filesBefore.split('\n'));
      const written = filesAfter.split('\n').filter((line) => !lines.has(line));
      expect(written.map((line) => line.split(' ').at(-1)).sort()).toEqual(changed);
      expect(check()).toMatchObject({ code: 0, answer: { verdict: 'compliant' } });

      expect(reboot()).toBe(othersBefore);
      expect(accepting(world)).toBe('');
      expect(check()).toMatchObject({ code: 0, answer: { verdict: 'compliant' } });
    });

    it('set thousands of interfaces of odd names while some of them go, and leave out what they are told to', async () => {
      const world = await makeWorld();
      const { run, check } = world;
      run(`{ for n in $(seq 3000); do echo "link add name $((n % 7))=.*é$n type bridge"; done
        for n in $(seq 200); do echo "link add name gone$n type bridge"; done
        echo "link add name other0 type bridge"; } > /run/links
        ip -batch /run/links; mkdir -p /run/systemd/system`);
      setAll(world, 1);
      const [every = '', ...none] = commandsOf(check().answer, 'now');
      expect(none).toEqual([]);
      run(`for n in $(seq 200); do ip link delete gone$n; done &\n${every} 2> /dev/null\nwait`);
      expect(accepting(world)).toBe('');

      setAll(world, 1);
      for (const command of commandsOf(check('--sysctl.interface-exclude=^other').answer, 'now')) run(command, 'sh');
      expect(accepting(world)).toBe('other0\n');
    });
  },
);
