import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Exporter } from '../e2e/exporter.ts';
import { Namespace } from '../e2e/namespace.ts';
import { parseExposition } from '../e2e/parse-exposition.ts';
import { describeReal } from '../e2e/required.ts';
import { ENVIRONMENT, makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

const SCRAPES = 100;

describeReal('interfaces of a network namespace', { root: true, commands: ['ip', 'bash'] }, () => {
  it('may come and go while they are read', async () => {
    const namespace = new Namespace(onTestFinished);
    // They stay, so that reading takes a while.
    namespace.run('bash', '-c', 'for n in {1..40}; do ip link add "stay$n" type veth peer name "yats$n"; done');
    const exporter = await start(namespace);
    const churn = spawn(
      'ip',
      [
        ...namespace.prefix.slice(1),
        'bash',
        '-c',
        'while :; do for n in 1 2 3; do ip link add "come$n" type veth peer name "go$n"; echo; done; for n in 1 2 3; do ip link delete "come$n"; done; done',
      ],
      { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    let made = 0;
    churn.stdout.on('data', (lines) => {
      made += lines.length;
    });
    const ended = new Promise<void>((resolve) => churn.once('close', () => resolve()));
    onTestFinished(async () => {
      churn.kill('SIGKILL');
      await ended;
    });
    await until('interfaces come and go', () => made > 3);
    const before = made;
    const answers: { status: number; body: string }[] = JSON.parse(
      await namespace.runBeside(process.execPath, ['--input-type=module'], scrapes(exporter, SCRAPES)),
    );
    expect(made - before).toBeGreaterThan(10);
    expect(answers.map(({ status }) => status)).toEqual(Array(SCRAPES).fill(200));
    let seen = 0;
    for (const { body } of answers) {
      const samples = parseExposition(body);
      const success = samples.filter(({ name }) => name === 'srcroute_collector_success');
      expect(success.length).toBeGreaterThan(0);
      for (const collector of success) expect(collector).toMatchObject({ value: 1 });
      if (samples.some(({ labels }) => labels.interface?.startsWith('come'))) seen += 1;
    }
    expect(seen).toBeGreaterThan(0);
    expect(exporter.stderr).not.toContain('Collector failed');
  });

  it('may have any name that the kernel allows', async () => {
    const namespace = new Namespace(onTestFinished);
    namespace.run(
      'bash',
      '-c',
      `set -e
      n=0
      for name in 'q"\\{' é a.b.c eth0.100 $'b\\xffd' $'tw\\xff\\xfeo' 'SRC=1' '-dash' 'st*r' '#x'; do
        n=$((n + 1)); ip link add name "peer$n" type veth peer name "$name"
      done`,
    );
    const exporter = await start(namespace);
    const samples = await exporter.samples();
    const names = samples.of('srcroute_sysctl_value', { family: 'ipv4' }).map(({ labels }) => labels.interface ?? '');
    expect(names.filter((name) => !/^(?:peer\d+|all|default|lo)$/.test(name)).sort()).toEqual(
      ['q"\\x5c{', 'é', 'a.b.c', 'eth0.100', 'b\\xffd', 'tw\\xff\\xfeo', 'SRC=1', '-dash', 'st*r', '#x'].sort(),
    );
    expect(await exporter.value('srcroute_collector_success', { collector: 'sysctl' })).toBe(1);
  });

  it('show what the kernel does, and that this is not the network of the host', async () => {
    const namespace = new Namespace(onTestFinished);
    namespace.run('ip', 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1');
    namespace.sysctl('net/ipv4/conf/all/accept_source_route', 1);
    namespace.sysctl('net/ipv4/conf/veth0/accept_source_route', 1);
    namespace.sysctl('net/ipv4/conf/veth1/accept_source_route', 0);
    const exporter = await start(namespace);
    const effective = (name: string) => ({ family: 'ipv4', interface: name, sysctl: 'accept_source_route' });
    const accepting = await exporter.samples();
    expect(accepting.value('srcroute_sysctl_effective_value', effective('veth0'))).toBe(1);
    expect(accepting.value('srcroute_sysctl_effective_compliant', effective('veth0'))).toBe(0);
    expect(accepting.value('srcroute_sysctl_effective_compliant', effective('veth1'))).toBe(1);
    expect(accepting.value('srcroute_host_network_namespace')).toBe(0);
    expect(exporter.stderr).toContain("The network namespace is not the host's");

    namespace.sysctl('net/ipv4/conf/all/accept_source_route', 0);
    const refusing = await exporter.samples();
    expect(refusing.value('srcroute_sysctl_effective_compliant', effective('veth0'))).toBe(1);
    expect(refusing.value('srcroute_sysctl_compliant', effective('veth0'))).toBe(0);
  });

  function start(namespace: Namespace): Promise<Exporter> {
    const log = join(makeDirectory(), 'kern.log');
    writeFileSync(log, '');
    return Exporter.start([`--input.file=${log}`, '--sysctl.interfaces-max=1000'], { prefix: namespace.prefix });
  }
});

/** A program that scrapes so many times and prints the answers. */
function scrapes(exporter: Exporter, count: number): string {
  return `const answers = [];
for (let n = 0; n < ${count}; n++) {
  const response = await fetch('http://${exporter.address}/metrics');
  answers.push({ status: response.status, body: await response.text() });
}
process.stdout.write(JSON.stringify(answers));`;
}
