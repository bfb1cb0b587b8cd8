import { expect, it, vi } from 'vitest';
import { describeReal } from '../e2e/required.ts';
import { LOG_RULES } from './firewall-hosts.ts';
import { countRules, logged, NEVER, ONCE, obey, remedies, rulesOfOthers, start } from './obey-remedies.ts';

// Hundreds of processes each, also on a machine that is busy otherwise.
vi.setConfig({ testTimeout: 300_000 });

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
  'the firewall remedies of check',
  {
    root: true,
    commands: ['unshare', 'nsenter', 'ip', 'nft', 'iptables-nft', 'ip6tables-legacy', 'sysctl', 'setpriv'],
  },
  () => {
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
  },
);
