import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Exporter, type Samples } from '../e2e/exporter.ts';
import { Namespace } from '../e2e/namespace.ts';
import { parseExposition } from '../e2e/parse-exposition.ts';
import { describeReal } from '../e2e/required.ts';
import { ENVIRONMENT, makeDirectory } from '../e2e/tools.ts';

/** How many different sets of interfaces the scrapes must have met. */
const READINGS = 30;

/** Names as bash writes them, and the labels they must have. None may hold `/`, `:`, `%` or white space. */
const ODD_NAMES: Readonly<Record<string, string>> = {
  "$'bad\\xff\\xfe'": 'bad\\xff\\xfe',
  // A character cut off by the limit of 15 bytes.
  "$'🚀🚀🚀\\xf0\\x9f\\x9a'": '🚀🚀🚀\\xf0\\x9f\\x9a',
  "'a\\b'": 'a\\x5cb',
  // What looks like the way another name is shown.
  "'a\\x5cb'": 'a\\x5cx5cb',
  "'<svg>&lt;\"'": '<svg>&lt;"',
  '"\'}1"': "'}1",
  "$'\\x1b[31mred'": '\x1b[31mred',
  "$'del\\x7f\\x01'": 'del\x7f\x01',
  "$'\\xe2\\x80\\xa8eol'": '\u2028eol',
  "'🚀'": '🚀',
};

describeReal('interfaces that do not stay', { root: true, commands: ['ip', 'bash', 'promtool'] }, () => {
  it('are shown as they are, whatever becomes of them between two files', async () => {
    const namespace = new Namespace(onTestFinished);
    // They stay, so that reading takes a while.
    bash(namespace, 'for n in {1..20}; do ip link add "stay$n" type veth peer name "yats$n"; done');
    const exporter = await start(namespace);
    const stop = churn(namespace);
    const { statuses, bodies }: { statuses: number[]; bodies: string[] } = JSON.parse(
      await namespace.runBeside(process.execPath, ['--input-type=module'], scrapeLoop(exporter)),
    );
    await stop();

    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(bodies.length).toBe(READINGS);
    const met = new Set<string>();
    for (const body of bodies) {
      const samples = parseExposition(body);
      for (const { labels } of samples) if (labels.interface !== undefined) met.add(labels.interface);
      const success = samples.filter(({ name }) => name === 'srcroute_collector_success');
      expect(success.map(({ value }) => value)).toEqual(success.map(() => 1));
      // What was there all the time is there in every reading.
      const stayed = samples.filter(
        ({ name, labels }) => name === 'srcroute_sysctl_value' && /^(?:stay|yats)\d+$/.test(labels.interface ?? ''),
      );
      expect(stayed.length).toBe(2 * 2 * 20);
    }
    // Nothing but what there ever was, each by its right name.
    const expected = /^(?:all|default|lo|(?:stay|yats)\d+|first\d|second\d|peer\d+)$/;
    const odd = Object.values(ODD_NAMES);
    expect([...met].filter((name) => !expected.test(name) && !odd.includes(name))).toEqual([]);
    for (const name of odd) expect(met).toContain(name);
    expect([...met].some((name) => name.startsWith('first'))).toBe(true);
    expect([...met].some((name) => name.startsWith('second'))).toBe(true);
    expect(exporter.stderr).not.toContain('Collector failed');

    // And what is gone is gone from every metric.
    const left = namespace.run('ls', '/sys/class/net').trim().split('\n').length;
    const last = await exporter.until(
      'it shows those that are left',
      (samples) => names(samples, 'ipv4').length === left,
    );
    expect(left).toBe(41);
    expect(new Set(last.all.flatMap(({ labels }) => labels.interface ?? []))).toEqual(
      new Set([...names(last, 'ipv4'), 'all', 'default']),
    );
    expectClean(await exporter.scrape());
  });

  it('may have names that are no text, or more than text', async () => {
    const namespace = new Namespace(onTestFinished);
    const exporter = await start(namespace);
    const odd = Object.entries(ODD_NAMES);
    bash(namespace, odd.map(([name], n) => `ip link add name peer${n} type veth peer name ${name}`).join('\n'));
    const samples = await exporter.until('it shows them', (now) => names(now, 'ipv4').length === 1 + 2 * odd.length);
    for (const family of ['ipv4', 'ipv6'])
      expect(names(samples, family).filter((name) => !/^(?:lo|peer\d+)$/.test(name))).toEqual(
        odd.map(([, label]) => label).sort(),
      );
    expectClean(await exporter.scrape());
    const page = await exporter.get('/');
    expect(page.status).toBe(200);
    expect(page.body).not.toContain('<svg');
  });

  it('take their series with them to another name', async () => {
    const namespace = new Namespace(onTestFinished);
    addVeth(namespace, 'before');
    namespace.sysctl('net/ipv4/conf/before/accept_source_route', 3);
    const exporter = await start(namespace);
    expect(value(await exporter.samples(), 'ipv4', 'before')).toBe(3);
    namespace.run('ip', 'link', 'set', 'dev', 'before', 'name', 'after');
    const samples = await exporter.until('it has the new name', (now) => value(now, 'ipv4', 'after') !== undefined);
    expect(value(samples, 'ipv4', 'after')).toBe(3);
    expect(samples.all.filter(({ labels }) => labels.interface === 'before')).toEqual([]);
  });

  // addrconf_notify (net/ipv6/addrconf.c) takes IPv6 away from an interface below the least MTU of IPv6.
  it('lose IPv6 below an MTU of 1280, and get it back with the values of `default`', async () => {
    const namespace = new Namespace(onTestFinished);
    addVeth(namespace, 'narrow');
    namespace.sysctl('net/ipv6/conf/narrow/accept_source_route', -1);
    namespace.sysctl('net/ipv6/conf/default/accept_source_route', 7);
    const exporter = await start(namespace);
    const before = await exporter.samples();
    expect(value(before, 'ipv6', 'narrow')).toBe(-1);

    namespace.run('ip', 'link', 'set', 'dev', 'narrow', 'mtu', '1279');
    const narrow = await exporter.until('IPv6 is gone', (now) => value(now, 'ipv6', 'narrow') === undefined);
    expect(narrow.all.filter(({ labels }) => labels.interface === 'narrow' && labels.family === 'ipv6')).toEqual([]);
    expect(value(narrow, 'ipv4', 'narrow')).toBe(value(before, 'ipv4', 'narrow'));
    const counted = (samples: Samples, family: string) =>
      samples.sum('srcroute_sysctl_interfaces', { family, sysctl: 'accept_source_route', scope: 'runtime' });
    expect(counted(narrow, 'ipv6')).toBe(counted(before, 'ipv6') - 1);
    expect(counted(narrow, 'ipv4')).toBe(counted(before, 'ipv4'));
    expect(narrow.value('srcroute_collector_success', { collector: 'sysctl' })).toBe(1);

    namespace.run('ip', 'link', 'set', 'dev', 'narrow', 'mtu', '1280');
    const wide = await exporter.until('IPv6 is back', (now) => value(now, 'ipv6', 'narrow') !== undefined);
    expect(value(wide, 'ipv6', 'narrow')).toBe(7);
    expect(counted(wide, 'ipv6')).toBe(counted(before, 'ipv6'));
    expectClean(await exporter.scrape());
  });
});

function start(namespace: Namespace): Promise<Exporter> {
  const log = join(makeDirectory(), 'kern.log');
  writeFileSync(log, '');
  return Exporter.start([`--input.file=${log}`, '--sysctl.interfaces-max=1000'], { prefix: namespace.prefix });
}

/** Every name that has a written value, without `all` and `default`, in order. */
function names(samples: Samples, family: string): string[] {
  return samples
    .of('srcroute_sysctl_value', { family, sysctl: 'accept_source_route' })
    .map(({ labels }) => labels.interface ?? '')
    .filter((name) => name !== 'all' && name !== 'default')
    .sort();
}

function value(samples: Samples, family: string, name: string): number | undefined {
  return samples.value('srcroute_sysctl_value', { family, interface: name, sysctl: 'accept_source_route' });
}

function addVeth(namespace: Namespace, name: string): void {
  namespace.run('ip', 'link', 'add', 'name', name, 'type', 'veth', 'peer', 'name', 'other');
}

function bash(namespace: Namespace, script: string): void {
  namespace.run('bash', '-e', '-c', script);
}

/** Makes interfaces, renames them, narrows and widens them and takes them away, over and over. Gives what ends it. */
function churn(namespace: Namespace): () => Promise<void> {
  const round = [
    ...Object.keys(ODD_NAMES).flatMap((name, n) => [
      `ip link add name peer${n} type veth peer name first${n}`,
      `ip link set dev first${n} mtu 1279`,
      `ip link set dev first${n} name ${name}`,
      `ip link set dev peer${n} mtu 1279`,
      `ip link set dev ${name} mtu 1500`,
    ]),
    ...Object.keys(ODD_NAMES).flatMap((name, n) => [
      `ip link set dev ${name} name second${n}`,
      `ip link delete second${n}`,
    ]),
  ];
  const child = spawn(
    'ip',
    [...namespace.prefix.slice(1), 'bash', '-e', '-c', `until read -t 0; do ${round.join('\n')}\ndone`],
    { env: ENVIRONMENT, stdio: ['pipe', 'ignore', 'pipe'] },
  );
  // One that failed has gone before it has read.
  child.stdin.on('error', () => {});
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return async () => {
    child.stdin.end('\n');
    expect({ code: await ended, stderr }).toEqual({ code: 0, stderr: '' });
  };
}

/** A program that scrapes without a pause until it has met so many different sets of interfaces, and prints the first of each. */
function scrapeLoop(exporter: Exporter): string {
  return `const statuses = [];
const bodies = new Map();
while (bodies.size < ${READINGS} && statuses.length < 5_000) {
  const response = await fetch('http://${exporter.address}/metrics');
  const body = await response.text();
  statuses.push(response.status);
  const set = [...new Set(body.match(/interface="(?:[^"\\\\\\\\]|\\\\\\\\.)*"/g))].join();
  if (!bodies.has(set)) bodies.set(set, body);
}
process.stdout.write(JSON.stringify({ statuses, bodies: [...bodies.values()] }));`;
}

function expectClean(input: string): void {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    env: ENVIRONMENT,
    encoding: 'utf8',
    input,
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
}
