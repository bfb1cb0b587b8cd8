import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PROJECT, shippedAlerts } from '../alerts/rule-file.ts';
import { type Block, blocksOf, howItRuns } from '../alerts/runbook.ts';
import { eventLine } from '../e2e/event-lines.ts';
import { Exporter, PROGRAM } from '../e2e/exporter.ts';
import { Namespace } from '../e2e/namespace.ts';
import { describeReal } from '../e2e/required.ts';
import { makeDirectory, run } from '../e2e/tools.ts';

const COMMANDS = [
  'ip',
  'nft',
  'iptables',
  'ip6tables',
  'sysctl',
  'ping',
  'traceroute',
  'ss',
  'curl',
  'pgrep',
  'promtool',
  'amtool',
];
const FILES = ['/usr/lib/systemd/systemd-sysctl'];
const runbooks = [...shippedAlerts().keys()].map((alert) => ({ alert, blocks: shellBlocks(alert) }));

describeReal('the commands of the runbook', { root: true, commands: COMMANDS, files: FILES }, () => {
  it.each(runbooks.filter(({ blocks }) => blocks.some((block) => howItRuns(block) === true)))(
    '$alert can be typed as they stand',
    async ({ alert, blocks }) => {
      const host = await makeHost();
      for (const { text, line } of blocks.filter((block) => howItRuns(block) === true)) {
        await host(text).catch((error) => {
          throw new Error(`docs/runbooks/${alert}.md:${line}: ${(error as Error).message}`);
        });
      }
    },
  );

  it('Accepted: what was accepted is refused after the remedy, and what a boot applies keeps it so', async () => {
    const host = await makeHost();
    await host('sysctl -w net.ipv4.conf.all.accept_source_route=1 net.ipv4.conf.eth0.accept_source_route=1');
    const remedies = shellBlocks('SourceRoutingAccepted').filter(({ text }) => /-w|install/.test(text));
    expect(remedies).toHaveLength(2);
    for (const { text } of remedies) await host(text);
    const values = await host('grep -h . /proc/sys/net/ipv4/conf/*/accept_source_route');
    expect(new Set(values.trim().split('\n'))).toEqual(new Set(['0']));
  });

  it('SourceRouteFailed: the rules see what traceroute sends', async () => {
    const host = await makeHost();
    const [rules, trace] = ['nft add table', 'traceroute -n'].map((command) =>
      shellBlocks('SourceRoutingSourceRouteFailed').find(({ text }) => text.includes(command)),
    );
    await host(rules?.text ?? '');
    expect(await host(trace?.text ?? '')).toMatch(/ip option lsrr exists counter packets [1-9]/);
  });
});

describe('commands that are not run', () => {
  for (const { alert, blocks } of runbooks) {
    for (const block of blocks) {
      const reason = howItRuns(block);
      if (typeof reason === 'string') it.skip(`${alert}, line ${block.line}: ${reason}`, () => {});
    }
  }
});

function shellBlocks(alert: string): readonly Block[] {
  return blocksOf(alert).filter(({ language }) => language === 'sh');
}

/**
 * A host as the runbooks take it for granted: an address and a router on each family, the exporter on its port, and directories of its own
 * where commands write. Gives what runs commands there as a person would, in the project's directory, and gives what they print. Rejects
 * when one fails.
 */
async function makeHost(): Promise<(commands: string) => Promise<string>> {
  const host = new Namespace(onTestFinished);
  const router = new Namespace(onTestFinished);
  host.run('ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', router.name);
  for (const [space, last] of [
    [host, 1],
    [router, 2],
  ] as const) {
    space.run('ip', 'address', 'add', `192.0.2.${last}/24`, 'dev', 'eth0');
    space.run('ip', 'address', 'add', `2001:db8:0:1::${last}/64`, 'dev', 'eth0', 'nodad');
    space.run('ip', 'link', 'set', 'eth0', 'up');
  }
  host.run('ip', 'route', 'add', 'default', 'via', '192.0.2.2');
  host.run('ip', '-6', 'route', 'add', 'default', 'via', '2001:db8:0:1::2');

  const directory = makeDirectory();
  const log = join(directory, 'kern.log');
  writeFileSync(log, eventLine('198.51.100.7'));
  await Exporter.start([`--input.file=${log}`, '--input.from=start'], {
    prefix: host.prefix,
    listen: '127.0.0.1:10131',
  });

  const bin = join(directory, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'srcroute-exporter'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`);
  chmodSync(join(bin, 'srcroute-exporter'), 0o755);
  // Kept from one block to the next: a person goes on where the last command left off.
  const etc = join(directory, 'sysctl.d');
  run('cp', ['-r', '/etc/sysctl.d', etc]);
  const before = `set -eu
mount --bind ${etc} /etc/sysctl.d
mount -t tmpfs tmpfs /var/lib
mkdir /var/lib/srcroute-exporter
cd ${PROJECT}
PATH=${bin}:$PATH
`;
  return (commands) => host.runBeside('unshare', ['--mount', 'sh'], before + commands);
}
