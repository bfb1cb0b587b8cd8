import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PROGRAM } from '../e2e/exporter.ts';
import { describeReal, OTHER_USER } from '../e2e/required.ts';
import { FIREWALL_HOSTS, FIXTURES, type FirewallHost, LOG_RULES, RULES_OF_OTHERS } from './firewall-hosts.ts';
import { OverlayRoot } from './overlay-root.ts';

// Hundreds of processes each, also on a machine that is busy otherwise.
vi.setConfig({ testTimeout: 300_000 });

const RULE_FILES = fileURLToPath(new URL('../fixtures/firewall/', import.meta.url));
const UNIT = 'srcroute-firewall.service';
/** Each rule once: LSRR, SSRR, type 0. */
const ONCE = { lsrr: 1, ssrr: 1, rh0: 1 };
const NEVER = { lsrr: 0, ssrr: 0, rh0: 0 };
/** What the remedies for the next boot write. */
const OUR_FILES = [
  '/etc/srcroute-exporter/srcroute.nft',
  '/etc/sysctl.d/99-zz-log-martians.conf',
  '/etc/sysctl.d/99-zz-source-route.conf',
  '/etc/systemd/system/nftables.service.d/srcroute.conf',
  `/etc/systemd/system/${UNIT}`,
  '/etc/tmpfiles.d/srcroute-dynamic-debug.conf',
];

interface Answer {
  readonly findings: readonly {
    readonly kind: string;
    readonly remedies: readonly { readonly when: string; readonly commands: readonly string[] }[];
  }[];
}

type When = 'now' | 'boot';

const RULES = '/etc/srcroute-exporter/srcroute.nft';
const OUR_RULES = 'nft --stateless list table inet srcroute 2> /dev/null | grep -v "^table"';
/** The table, empty, as a file begins that can be loaded again. */
const EMPTY = 'table inet srcroute\ndelete table inet srcroute';
/** Stands in for a command, and fails at call number $FAULT of all; tee has written the beginning by then. */
const FAULTY = `#!/bin/sh
read -r count < /run/count
echo $((count + 1)) > /run/count
[ $((count + 1)) = "$FAULT" ] || exec REAL "$@"
case $0 in */tee) head -c 100 | REAL "$@" ;; esac
echo "fault in $0" >&2
exit 1`;

describeReal(
  'the remedies of check',
  {
    root: true,
    commands: ['unshare', 'nsenter', 'ip', 'nft', 'iptables-nft', 'ip6tables-legacy', 'sysctl', 'ufw', 'setpriv'],
    otherUser: true,
    files: ['/lib/systemd/system/nftables.service', '/etc/nftables.conf'],
  },
  () => {
    for (const host of FIREWALL_HOSTS) {
      describe(`on a host with the rules of ${host.name}`, () => {
        it('for now: change nothing of others, and log both families once, however often they are run', async () => {
          const root = await start(host);
          const [others, files] = [rulesOfOthers(root), root.written()];
          const commands = remedies(root, 'now');
          expect(commands.length).toBeGreaterThan(4);
          for (let times = 0; times < 2; times += 1) {
            obey(root, commands);
            expect(rulesOfOthers(root)).toBe(others);
            expect(logged(root)).toEqual(ONCE);
          }
          expect(root.written()).toEqual(files);
          expect(root.sh('cat /run/systemctl.log').status).not.toBe(0);
        });

        it.each<{ order: When[] }>([{ order: ['boot'] }, { order: ['now', 'boot', 'boot'] }])(
          'for the next boot ($order): load only our table, after the rules of others',
          async ({ order }) => {
            const root = await start(host);
            const [others, files] = [rulesOfOthers(root), root.written()];
            const commands = { now: remedies(root, 'now'), boot: remedies(root, 'boot') };
            for (const when of order) obey(root, commands[when]);
            expect(rulesOfOthers(root)).toBe(others);
            expect(logged(root)).toEqual(ONCE);
            const written = new Map(root.written());
            for (const path of OUR_FILES) expect(written.delete(path), path).toBe(true);
            expect(written).toEqual(files);
            expect(root.sh('cat /run/systemctl.log').stdout).not.toMatch(/nftables/);

            const boot = (then: string) => root.shAfterBoot(`(${host.boot}) && ${then}`).stdout;
            expect(boot(RULES_OF_OTHERS)).toBe(others);
            const steps = [
              ['boot', ONCE],
              [`boot && systemctl reload ${UNIT}`, ONCE],
              [`boot && nft flush ruleset && (${host.boot}) && systemctl reload ${UNIT}`, ONCE],
              [`boot && systemctl stop ${UNIT}`, NEVER],
              [`boot && systemctl stop ${UNIT} && systemctl stop ${UNIT}`, NEVER],
            ] as const;
            for (const [step, count] of steps) {
              const [rules, ours = ''] = boot(
                `systemctl ${step} && ${RULES_OF_OTHERS}; echo -----; ${LOG_RULES}`,
              ).split('-----\n');
              expect(rules, step).toBe(others);
              expect(countRules(ours), step).toEqual(count);
            }
          },
        );
      });
    }

    it('run by a user with sudo: the same', async () => {
      const host = FIREWALL_HOSTS.find(({ name }) => name === 'ufw') as FirewallHost;
      const root = await start(host);
      const others = rulesOfOthers(root);
      for (const commands of (['now', 'boot'] as const).map((when) => remedies(root, when, { become: OTHER_USER }))) {
        expect(commands.filter((command) => !command.includes('sudo '))).toEqual([]);
        obey(root, commands, OTHER_USER);
        expect(logged(root)).toEqual(ONCE);
      }
      expect(rulesOfOthers(root)).toBe(others);
      for (const path of OUR_FILES) expect([...root.written().keys()]).toContain(path);
      expect(root.shAfterBoot(`(${host.boot}) && systemctl boot && ${RULES_OF_OTHERS}`).stdout).toBe(others);
    });

    it.each([['nft'], ['legacy']])('leave IPv6 to a rule of ip6tables-%s that logs it', async (backEnd) => {
      const root = await start({
        name: backEnd,
        boot: `ip6tables-${backEnd} -A INPUT -m rt --rt-type 0 -m limit --limit 10/sec -j LOG --log-prefix 'SRC ROUTE ATTEMPT: '`,
        has: /rt-type 0/,
      });
      const others = rulesOfOthers(root);
      // As an earlier run of the remedies left it, before there was that rule.
      root.sh(
        'mkdir /etc/srcroute-exporter && printf "%s\\n" "ip option lsrr" "rt type 0" > /etc/srcroute-exporter/srcroute.nft',
      );
      for (const when of ['now', 'boot', 'now'] as const) {
        obey(root, remedies(root, when));
        expect(logged(root)).toEqual(ONCE);
      }
      expect(rulesOfOthers(root)).toBe(others);
    });

    it('add IPv4 to a table of ours that has only IPv6, and leave rules of others with the prefix out of account', async () => {
      const root = await start({
        name: 'half',
        boot: `nft 'table inet srcroute { chain c { type filter hook prerouting priority raw; rt type 0 log prefix "SRC ROUTE ATTEMPT: "; }; }
table ip other { chain c { log prefix "SRC ROUTE ATTEMPT: "; }; }'`,
        has: /table ip other/,
      });
      obey(root, remedies(root, 'now'));
      expect(logged(root)).toEqual(ONCE);
    });

    it('keep a file and a table that find more', async () => {
      const root = await start({ name: 'shipped', boot: 'true', has: /^/ });
      const shipped = fileURLToPath(new URL('../../deploy/nftables/srcroute.nft', import.meta.url));
      root.put(shipped, `${FIXTURES}/shipped.nft`);
      root.sh(`nft -f ${FIXTURES}/shipped.nft`);
      const list = 'nft --stateless list table inet srcroute';
      const before = root.sh(list).stdout;
      expect(before).toContain('begun-ipv4');
      obey(root, [...remedies(root, 'now'), ...remedies(root, 'boot')]);
      expect(root.sh(list).stdout).toBe(before);
      expect(root.shAfterBoot(`systemctl boot && ${list}`).stdout).toBe(before);

      root.sh(`cp ${FIXTURES}/shipped.nft /etc/srcroute-exporter/srcroute.nft; nft delete table inet srcroute`);
      const file = root.written().get('/etc/srcroute-exporter/srcroute.nft');
      obey(root, remedies(root, 'boot'));
      expect(root.written().get('/etc/srcroute-exporter/srcroute.nft')).toBe(file);
      expect(root.sh(list).stdout).toBe(before);
    });

    const LOG = `-j LOG --log-prefix 'SRC ROUTE ATTEMPT: '`;
    it.each([
      { rules: ['-A INPUT -p tcp LOG'], rh0: 1 },
      { rules: ['-A INPUT -p tcp LOG', '-A INPUT -m rt --rt-type 0 -j DROP'], rh0: 1 },
      { rules: ['-A INPUT -m rt --rt-type 2 LOG'], rh0: 1 },
      { rules: ['-A INPUT -m rt ! --rt-type 0 LOG'], rh0: 1 },
      { rules: ['-N RH', '-A RH LOG', '-A RH -j DROP', '-A INPUT -m rt --rt-type 0 -j RH'], rh0: 0 },
      { rules: ['-N RH', '-A RH -m rt --rt-type 0 LOG', '-A INPUT -p ipv6-icmp -j RH'], rh0: 0 },
    ])('tell which rules of ip6tables log type 0 headers with the prefix: $rules', async ({ rules, rh0 }) => {
      for (const backEnd of ['nft', 'legacy']) {
        const boot = rules.map((rule) => `ip6tables-${backEnd} ${rule.replace('LOG', LOG)}`).join(' && ');
        const root = await start({ name: backEnd, boot, has: /^/ });
        obey(root, remedies(root, 'now'));
        expect(countRules(root.sh(OUR_RULES).stdout), backEnd).toEqual({ ...ONCE, rh0 });
      }
    });

    it('load each rule once where a shell has the option pipefail and there is no ip6tables-legacy', async () => {
      const root = await start({ name: 'pipefail', boot: 'rm /usr/sbin/ip6tables-legacy-save', has: /^/ });
      const commands = remedies(root, 'now', { kind: 'firewall' });
      for (let times = 0; times < 3; times += 1) {
        obey(root, commands, ['bash', '-o', 'pipefail', '-c', 'eval "$2"']);
        expect(logged(root)).toEqual(ONCE);
      }
    });

    it.each([
      { what: 'drops', rule: 'rt type 0 drop' },
      { what: 'refuses', rule: 'rt type 0 reject' },
      { what: 'has a policy that drops', rule: 'rt type 0 log', policy: 'drop' },
    ])('do not load a table at boot that $what', async ({ rule, policy = 'accept' }) => {
      const table = `table inet srcroute { chain c { type filter hook prerouting priority raw; policy ${policy}; ip option lsrr exists log; ${rule}; }; }`;
      const root = await start({ name: 'acts', boot: `nft '${table.replace('reject', 'drop')}'`, has: /^/ });
      if (rule.includes('reject')) root.sh(`nft 'delete table inet srcroute; ${table.replace('prerouting', 'input')}'`);
      const [rules, files] = [root.sh(OUR_RULES).stdout, root.written()];
      obey(root, remedies(root, 'now', { kind: 'firewall' }));
      const stopped = remedies(root, 'boot', { kind: 'firewall' }).map((command) => root.sh(command));
      expect(stopped.at(-1)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^Stopped: .*do more than log/),
      });
      expect(root.sh(OUR_RULES).stdout).toBe(rules);
      expect(root.written()).toEqual(files);
    });

    it.each([
      { what: 'flushes the rules of others', begin: 'flush ruleset', keeps: false },
      { what: 'flushes the rules of others behind its own', begin: `${EMPTY}\nflush  ruleset`, keeps: false },
      { what: 'would add each rule a second time', begin: '# delete table inet srcroute', keeps: true },
      { what: 'is a link into /usr/lib', begin: 'nonsense', keeps: true },
    ])('do not load a file that $what', async ({ what, begin, keeps }) => {
      const root = await start({ name: 'file', boot: 'nft add table inet other', has: /table inet other/ });
      const path = what.includes('link') ? '/usr/lib/package.nft' : '/etc/srcroute-exporter/srcroute.nft';
      const text = `${begin}\ntable inet srcroute { chain c { type filter hook prerouting priority raw; ip option lsrr exists log; rt type 0 log; }; }\n`;
      root.sh(`mkdir /etc/srcroute-exporter; printf '%s' '${text}' > ${path}`);
      if (what.includes('link')) root.sh(`ln -s ${path} /etc/srcroute-exporter/srcroute.nft`);
      const others = rulesOfOthers(root);
      for (const command of remedies(root, 'boot', { kind: 'firewall' })) root.sh(command);
      expect(rulesOfOthers(root)).toBe(others);
      expect(logged(root)).toEqual(ONCE);
      const loaded = keeps ? ONCE : expect.toBeOneOf([ONCE, NEVER]);
      expect(countRules(root.shAfterBoot(`systemctl boot; ${LOG_RULES}`).stdout)).toEqual(loaded);
      if (what.includes('link')) expect(root.written().get(path)).toBe(text);
    });

    it('load no rule a second time where the table cannot be listed', async () => {
      const root = await start({ name: 'no list', boot: 'true', has: /^/ });
      const commands = remedies(root, 'now', { kind: 'firewall' });
      obey(root, commands);
      root.sh(
        `printf '%s\\n' '#!/bin/sh' 'case $* in *list*) echo no >&2; exit 1 ;; esac' 'exec /usr/sbin/nft "$@"' > /run/stubs/nft; chmod +x /run/stubs/nft`,
      );
      for (const command of commands) expect(root.sh(command)).toMatchObject({ status: 1, stderr: 'no\n' });
      root.sh('rm /run/stubs/nft');
      expect(logged(root)).toEqual(ONCE);
    });

    it('leave the file, the table and what is enabled as good as they were whichever step fails', async () => {
      const root = await start({ name: 'faults', boot: 'nft add table inet other', has: /table inet other/ });
      const [ipv4 = '', ipv6 = '', persist = ''] = remedies(root, 'boot', { kind: 'firewall' });
      const others = rulesOfOthers(root);
      obey(root, [ipv4, persist]);
      const before = root.written().get(RULES);
      obey(root, [ipv6]);
      root.sh(`cp ${RULES} /run/before; mkdir /run/faulty`);
      for (const tool of ['nft', 'tee', 'chmod', 'mv', 'mkdir', 'systemctl', 'sed', 'grep']) {
        root.sh(`cat > /run/faulty/${tool} << END
${FAULTY.replace('REAL', root.sh(`command -v ${tool}`).stdout.trim()).replaceAll(/[$`]/g, '\\$&')}
END
chmod +x /run/faulty/${tool}`);
      }
      let isWhole = false;
      for (let fault = 1; !isWhole; fault += 1) {
        root.sh(`cat /run/before > ${RULES}; echo 0 > /run/count`);
        const { status, stderr } = root.sh(`FAULT=${fault} PATH=/run/faulty:$PATH; export FAULT PATH; ${persist}`);
        isWhole = !stderr.includes('fault in');
        const file = root.written().get(RULES);
        expect(file === before || countRules(file ?? '').rh0 === 1, `${fault}: ${stderr}`).toBe(true);
        expect(root.sh(`nft --check --file ${RULES}`).status, `${fault}: ${stderr}`).toBe(0);
        expect([rulesOfOthers(root), logged(root)], `${fault}: ${stderr}`).toEqual([others, ONCE]);
        if (isWhole) expect([fault > 15, status, file === before]).toEqual([true, 0, false]);
      }
    });

    it('fail without nft, and leave nothing half done', async () => {
      const root = await start({ name: 'no nft', boot: 'true', has: /^/ });
      const commands = [
        ...remedies(root, 'now', { kind: 'firewall' }),
        ...remedies(root, 'boot', { kind: 'firewall' }),
      ];
      root.sh('rm /usr/sbin/nft');
      const before = root.written();
      for (const command of commands) {
        const { status, stderr } = root.sh(command);
        expect(status, command).not.toBe(0);
        expect(stderr).toContain('nft: not found');
      }
      expect(root.written()).toEqual(before);
      expect(root.sh('cat /run/systemctl.log').status).not.toBe(0);
    });
  },
);

async function start(host: FirewallHost): Promise<OverlayRoot> {
  const root = await OverlayRoot.start(onTestFinished);
  root.sh(`mkdir ${FIXTURES}`);
  for (const file of readdirSync(RULE_FILES)) root.put(join(RULE_FILES, file), `${FIXTURES}/${file}`);
  for (const command of [host.setup ?? 'true', host.boot])
    expect(root.sh(command), command).toMatchObject({ status: 0 });
  expect(rulesOfOthers(root)).toMatch(host.has);
  return root;
}

/** The commands that the built program prints, of every finding or of one kind. */
function remedies(
  root: OverlayRoot,
  when: When,
  { kind, become = [] }: { readonly kind?: string; readonly become?: readonly string[] } = {},
): readonly string[] {
  const { stdout } = root.sh(`check ${become.join(' ')} '${process.execPath}' '${PROGRAM}'`);
  const { findings }: Answer = JSON.parse(stdout);
  return findings
    .filter((finding) => kind === undefined || finding.kind === kind)
    .flatMap((finding) => finding.remedies)
    .filter((remedy) => remedy.when === when)
    .flatMap(({ commands }) => commands);
}

function obey(root: OverlayRoot, commands: readonly string[], become: readonly string[] = []): void {
  for (const command of commands) expect(root.sh(command, become), command).toMatchObject({ status: 0, stderr: '' });
}

function rulesOfOthers(root: OverlayRoot): string {
  return root.sh(RULES_OF_OTHERS).stdout;
}

function logged(root: OverlayRoot): typeof ONCE {
  return countRules(root.sh(LOG_RULES).stdout);
}

function countRules(rules: string): typeof ONCE {
  const count = (pattern: RegExp) => rules.split('\n').filter((line) => pattern.test(line)).length;
  return { lsrr: count(/option lsrr/), ssrr: count(/option ssrr/), rh0: count(/rt type 0|rt-type 0/) };
}
