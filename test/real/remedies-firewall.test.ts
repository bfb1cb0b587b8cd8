import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { describeReal, OTHER_USER } from '../e2e/required.ts';
import { FIREWALL_HOSTS, FIXTURES, type FirewallHost, LOG_RULES, RULES_OF_OTHERS } from './firewall-hosts.ts';
import { countRules, logged, NEVER, ONCE, obey, remedies, rulesOfOthers, start, type When } from './obey-remedies.ts';

// Hundreds of processes each, also on a machine that is busy otherwise.
vi.setConfig({ testTimeout: 300_000 });

const UNIT = 'srcroute-firewall.service';
/** What the remedies for the next boot write. */
const OUR_FILES = [
  '/etc/srcroute-exporter/srcroute.nft',
  '/etc/sysctl.d/99-zz-log-martians.conf',
  '/etc/sysctl.d/99-zz-source-route.conf',
  '/etc/systemd/system/nftables.service.d/srcroute.conf',
  `/etc/systemd/system/${UNIT}`,
  '/etc/tmpfiles.d/srcroute-dynamic-debug.conf',
];

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
