import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Remedy } from '../../../src/check/findings/finding.ts';
import { AFTER_NFTABLES, FIREWALL_UNIT, RULES_FILE } from '../../../src/check/remedies/firewall-unit.ts';
import { run } from '../../../src/commands/run.ts';
import { makeEnvironment } from '../../commands/environment.ts';
import { HOSTS } from '../../fixtures/hosts/hosts.ts';
import { type Host, makeHost } from '../../fixtures/hosts/make-host.ts';

/** One that boots by systemd, and one that does not. */
const APPLIERS = ['debian-12', 'openrc'];

/** The remedies of the firewall, as check gives them on a host. */
async function remedies(host: string, uid = 1000): Promise<readonly Remedy[]> {
  const { environment, stdout } = makeEnvironment(['check', '--format=json', ...makeHost(HOSTS[host] as Host)], {
    uid,
  });
  await run(environment);
  const { findings }: { findings: { kind: string; remedies: Remedy[] }[] } = JSON.parse(stdout());
  return findings.filter(({ kind }) => kind === 'firewall').flatMap((finding) => finding.remedies);
}

/** Everything that is printed to be run. */
async function allCommands(uid = 1000): Promise<readonly string[]> {
  const all = await Promise.all(APPLIERS.map((host) => remedies(host, uid)));
  return [...new Set(all.flat().flatMap(({ commands }) => commands))];
}

describe('the unit that check prints', () => {
  it.each([
    ['srcroute-firewall.service', FIREWALL_UNIT],
    ['srcroute-after-nftables.conf', AFTER_NFTABLES],
  ])('is deploy/systemd/%s without its comments', (file, lines) => {
    const shipped = readFileSync(new URL(`../../../deploy/systemd/${file}`, import.meta.url), 'utf8');
    expect(lines).toEqual(shipped.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
  });

  it('runs plain commands of absolute paths, and conflicts with nothing', () => {
    const commands = FIREWALL_UNIT.filter((line) => line.startsWith('Exec'));
    expect(commands.length).toBe(3);
    for (const command of commands) expect(command).toMatch(/^Exec\w+=\/usr\/sbin\/nft /);
    expect(FIREWALL_UNIT.join('\n')).not.toMatch(/^Conflicts=|^Before=|flush/m);
    expect(FIREWALL_UNIT).toContain(`ExecStart=/usr/sbin/nft -f ${RULES_FILE}`);
  });
});

describe('the remedies of the firewall', () => {
  it('never touch what is not ours', async () => {
    for (const printed of await allCommands()) {
      // What looks for rules that do more than log names them.
      const command = printed.replaceAll(/\| grep [^\n]*; then$/gm, '');
      expect(command).not.toMatch(/flush|\/etc\/nftables\.conf|systemctl \w+ (?:--now )?nftables|\bdrop\b|\breject\b/);
      for (const [, file = ''] of command.matchAll(/\btee (?:-a )?(\S+)/g)) {
        expect(file).toMatch(/^\/etc\/(?:srcroute-exporter\/|systemd\/system\/\S*srcroute)/);
      }
    }
  });

  it('have a cost each, and are there for now and for the next boot', async () => {
    for (const host of APPLIERS) {
      const given = await remedies(host);
      expect(given.map(({ when }) => when)).toEqual(['now', 'boot']);
      for (const { costs } of given) expect(costs).toMatch(/log lines a second/);
    }
  });

  it('leave systemctl out where systemd does not boot the host, and say what to do', async () => {
    const [, boot] = await remedies('openrc');
    expect(boot?.commands.join('\n')).not.toMatch(/systemctl|systemd/);
    expect(boot?.changes).toContain(
      `have the boot run "nft -f ${RULES_FILE}" after the start of the host's own firewall`,
    );
    const [, systemd] = await remedies('debian-12');
    expect(systemd?.commands.at(-1)).toMatch(/systemctl enable srcroute-firewall\.service$/);
  });

  it('run each privileged piece by sudo, and none as root', async () => {
    for (const command of await allCommands()) {
      const bare = command.replaceAll(/'[^']*'/g, "''").replaceAll(/\\\n/g, ' ');
      const pieces = bare.split(/\|\||&&|[|;({\n]/).map((piece) => piece.trim());
      const privileged = pieces.filter((piece) =>
        /\b(nft|ip6tables\S*|tee|mkdir|chmod|mv|cat|systemctl)\b/.test(piece),
      );
      expect(privileged.length).toBeGreaterThan(0);
      expect(privileged.filter((piece) => !piece.startsWith('sudo '))).toEqual([]);
    }
    expect((await allCommands(0)).join('\n')).not.toContain('sudo');
  });
});
