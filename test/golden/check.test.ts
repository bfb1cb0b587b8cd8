import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../src/commands/run.ts';
import { makeEnvironment } from '../commands/environment.ts';
import { HOSTS } from '../fixtures/hosts/hosts.ts';
import { type Host, makeHost } from '../fixtures/hosts/make-host.ts';

/** A log that can be read, the same on every machine. */
const LOG = '--input.kmsg=test/fixtures/kernel/6.18.host-netns.kmsg.raw';

/** Hosts whose policy is kept, now and after a boot. */
const FINE = [
  ...['debian-13', 'hardened', 'all-seen', 'container', 'no-dynamic-debug', 'decorated', 'negative'],
  ...['ufw', 'log-unreadable'],
];
/** The JSON of these is golden, too: of all kinds of findings. */
const AS_JSON = ['debian-12', 'one-vlan', 'empty-proc', 'odd-names', 'extended', 'all-seen', 'alpine'];

async function check(host: Host, ...flags: string[]) {
  const [procfs = '', ...others] = makeHost(host);
  // By relative paths: the length of what stands before them would decide where lines are broken.
  const root = procfs.slice('--path.procfs='.length, -'/proc'.length);
  symlinkSync(resolve('test'), join(root, 'test'));
  const project = process.cwd();
  onTestFinished(() => process.chdir(project));
  process.chdir(root);
  const relative = [procfs, ...others].map((flag) => flag.replace(`${root}/`, './'));
  const { environment, stdout, stderr } = makeEnvironment(['check', LOG, ...relative, ...flags]);
  const code = await run(environment);
  process.chdir(project);
  expect(stderr()).toBe('');
  // Where the host was made is no part of it.
  return { code, text: stdout().replaceAll(/(?<![\w.])\.\/(?=(?:proc|sys|root)\b)/g, '/') };
}

describe.each(Object.entries(HOSTS))('check of %s', (name, host) => {
  it(host.about, async () => {
    const { code, text } = await check(host);
    await expect(text).toMatchFileSnapshot(`check/${name}.txt`);
    expect(code).toBe(FINE.includes(name) ? 0 : 1);
  });

  it('names the cost of each remedy, to people and to programs', async () => {
    const [{ text }, json] = [await check(host), JSON.parse((await check(host, '--format=json')).text)];
    const remedies = json.findings.flatMap((finding: { remedies: { costs?: unknown }[] }) => finding.remedies);
    expect(remedies.map(({ costs }: { costs?: unknown }) => costs)).toEqual(
      remedies.map(() => expect.stringMatching(/^[A-Z].*\.$/)),
    );
    expect(text.match(/\bCost:\s/g)?.length).toBe(remedies.length);
  });

  it('fits 80 columns, but for commands and single words, and holds no control character', async () => {
    const { text } = await check(host);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    const wide = text.split('\n').filter((line) => line.length > 80 && !/^ {4}/.test(line) && /^ *\S+ /.test(line));
    expect(wide).toEqual([]);
  });
});

describe.each(AS_JSON)('check --format=json of %s', (name) => {
  it('is golden', async () => {
    const { code, text } = await check(HOSTS[name] as Host, '--format=json');
    expect(JSON.parse(text)).toMatchObject({ schema_version: 1 });
    await expect(text).toMatchFileSnapshot(`check/${name}.json`);
    expect(code).toBe(FINE.includes(name) ? 0 : 1);
  });
});
