import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BootConfiguration, type BootReading } from '../../../src/posture/boot/boot-configuration.ts';
import { asNobody, isNobodyHere } from '../../as-nobody.ts';
import { until } from '../../e2e/until.ts';
import { makeRoot } from '../make-proc.ts';
import { makeTree, type Tree } from './make-tree.ts';
import { makeHost, predictAll } from './predictions.ts';

const LINE = 'net.ipv4.conf.all.accept_source_route = ';
const FILE = '/etc/sysctl.d/10-a.conf';

class Host {
  readonly root: string;
  readonly configuration: BootConfiguration;
  now = 0;

  constructor(tree: Tree, applier: 'systemd' | 'procps' = 'systemd') {
    this.root = makeHost(applier, tree);
    this.configuration = new BootConfiguration(this.root, () => this.now);
    onTestFinished(() => this.configuration.close());
  }

  read(): BootReading {
    return this.configuration.read();
  }

  /** What a boot makes of `all`. */
  value(): number | undefined {
    return predictAll(this.read(), ['all']).all?.value;
  }
}

describe('an unchanged configuration', () => {
  it('is read once', () => {
    const host = new Host({ [FILE]: `${LINE}1\n` });
    const reading = host.read();
    expect(host.read()).toBe(reading);
    host.now = 1_000;
    expect(host.read()).toBe(reading);
  });

  it('is the same when something else has changed beside it', async () => {
    const host = new Host({ [FILE]: { link: '../sysctl.conf' }, '/etc/sysctl.conf': `${LINE}1\n` });
    const reading = host.read();
    writeFileSync(`${host.root}/etc/passwd`, '');
    writeFileSync(`${host.root}/etc/sysctl.d/README`, '');
    expect(host.read()).toBe(reading);
    host.now = 100;
    expect(host.read()).toBe(reading);
  });
});

describe('a change is seen without waiting', () => {
  const before: Tree = {
    [FILE]: `${LINE}1\n`,
    '/etc/sysctl.d/20-b.conf': { link: '/opt/own/b.conf' },
    '/opt/own/b.conf': '',
    '/opt/other/b.conf': `${LINE}2\n`,
    '/usr/local/lib': { link: '/opt/lib' },
    '/opt/lib/sysctl.d': { directory: true },
  };

  it.each<[what: string, change: (root: string) => void]>([
    ['a file is made', (root) => writeFileSync(`${root}/etc/sysctl.d/99.conf`, `${LINE}2\n`)],
    [
      'a file is replaced',
      (root) => {
        writeFileSync(`${root}/new`, `${LINE}2\n`);
        renameSync(`${root}/new`, root + FILE);
      },
    ],
    [
      'a directory is made',
      (root) => {
        mkdirSync(`${root}/usr/lib/sysctl.d`, { recursive: true });
        writeFileSync(`${root}/usr/lib/sysctl.d/99.conf`, `${LINE}2\n`);
      },
    ],
    [
      'a directory is made behind a link',
      (root) => {
        symlinkSync('usr/lib', `${root}/lib`);
        mkdirSync(`${root}/usr/lib/sysctl.d`, { recursive: true });
        writeFileSync(`${root}/usr/lib/sysctl.d/99.conf`, `${LINE}2\n`);
      },
    ],
    ['a file is made behind a link', (root) => writeFileSync(`${root}/opt/lib/sysctl.d/99.conf`, `${LINE}2\n`)],
  ])('when %s, at once', (_, change) => {
    const host = new Host(before);
    expect(host.value()).toBe(1);
    change(host.root);
    expect(host.value()).toBe(2);
  });

  it.each<[what: string, change: (root: string) => void]>([
    ['a file is edited', (root) => writeFileSync(root + FILE, `${LINE}2\n`)],
    ['a file is appended to', (root) => appendFileSync(root + FILE, `${LINE}2\n`)],
    ['what a link leads to is edited', (root) => writeFileSync(`${root}/opt/own/b.conf`, `${LINE}2\n`)],
    [
      'what a link leads to is another',
      (root) => {
        rmSync(`${root}/opt/own`, { recursive: true });
        symlinkSync('other', `${root}/opt/own`);
      },
    ],
  ])('when %s, with the event', async (_, change) => {
    const host = new Host(before);
    expect(host.value()).toBe(1);
    change(host.root);
    await until('the event has come', () => host.value() === 2);
  });

  it('to the file that only procps reads', async () => {
    const host = new Host({}, 'procps');
    expect(host.value()).toBe(0);
    writeFileSync(`${host.root}/etc/sysctl.conf`, `${LINE}1\n`);
    expect(host.value()).toBe(1);
    writeFileSync(`${host.root}/etc/sysctl.conf`, `${LINE}2\n`);
    await until('the event has come', () => host.value() === 2);
    unlinkSync(`${host.root}/etc/sysctl.conf`);
    expect(host.value()).toBe(0);
  });

  it('when a directory went and came again', async () => {
    const host = new Host(before);
    host.read();
    rmSync(`${host.root}/etc/sysctl.d`, { recursive: true });
    expect(host.value()).toBe(0);
    makeTree(host.root, { [FILE]: `${LINE}1\n` });
    expect(host.value()).toBe(1);
    writeFileSync(host.root + FILE, `${LINE}2\n`);
    await until('the event has come', () => host.value() === 2);
  });
});

it('finds a change after 30 seconds where there are no events', () => {
  const host = new Host({ [FILE]: `${LINE}1\n` });
  host.configuration.close();
  expect(host.value()).toBe(1);
  writeFileSync(host.root + FILE, `${LINE}22\n`);
  host.now = 29;
  expect(host.value()).toBe(1);
  host.now = 30;
  expect(host.value()).toBe(22);
});

it('knows the applier by what systemd makes at boot', () => {
  const host = new Host({ '/etc/sysctl.conf': `${LINE}1\n` }, 'procps');
  expect(host.read()).toMatchObject({ applier: 'procps', success: true });
  expect(host.value()).toBe(1);
  mkdirSync(`${host.root}/run/systemd/system`, { recursive: true });
  host.now = 30;
  expect(host.read()).toMatchObject({ applier: 'systemd', success: true });
  expect(host.value()).toBe(0);
});

it('predicts nothing where the applier is unknown, which is no failure, and sees a change of that', () => {
  const host = new Host({ '/etc/alpine-release': '3.22.1\n', [FILE]: `${LINE}1\n` }, 'procps');
  execFileSync('mkfifo', [`${host.root}/etc/sysctl.d/fifo.conf`]);
  const reading = host.read();
  expect(reading).toMatchObject({ applier: 'unknown', success: true, reason: expect.stringContaining('Alpine') });
  expect(reading).not.toHaveProperty('error');
  expect(host.value()).toBeUndefined();
  expect(host.read()).toBe(reading);
  rmSync(`${host.root}/etc/sysctl.d/fifo.conf`);
  rmSync(`${host.root}/etc/alpine-release`);
  host.now = 30;
  expect(host.read()).toMatchObject({ applier: 'procps', success: true });
  expect(host.read()).not.toHaveProperty('reason');
  expect(host.value()).toBe(1);
});

it('never reads outside of the root', () => {
  const outside = makeRoot();
  makeTree(outside, { '/sysctl.d/a.conf': `${LINE}2\n` });
  const host = new Host({
    '/etc/sysctl.d/a.conf': { link: `${outside}/sysctl.d/a.conf` },
    '/etc/sysctl.d/b.conf': { link: `../../../../../../../../../..${outside}/sysctl.d/a.conf` },
    '/usr/lib': { link: outside },
  });
  expect(host.read().success).toBe(true);
  expect(host.value()).toBe(0);
});

describe('trouble', () => {
  it('is a FIFO, which nobody waits for, and a device; a boot is not troubled by the rest', () => {
    const host = new Host({
      '/etc/sysctl.d/a.conf': `${LINE}1\n`,
      '/etc/sysctl.d/b.conf': { directory: true },
      '/etc/sysctl.d/c.conf': { link: 'c.conf' },
      '/etc/sysctl.d/d.conf': { link: 'nowhere' },
      '/etc/sysctl.d/e.conf': `\0\x01\xff\r=\n${'x'.repeat(100_000)}`,
    });
    expect(host.read()).toMatchObject({ success: true });
    execFileSync('mkfifo', [`${host.root}/etc/sysctl.d/f.conf`]);
    expect(host.read()).toMatchObject({
      success: false,
      error: 'Cannot read "/etc/sysctl.d/f.conf": not a regular file',
    });
    expect(host.value()).toBe(1);
  });

  it('is a file beyond a MiB, of which the rest counts', () => {
    const host = new Host({ [FILE]: `${LINE}1\n${'#\n'.repeat(524_288)}${LINE}2\n` });
    expect(host.read()).toMatchObject({
      success: false,
      error: 'Cannot read "/etc/sysctl.d/10-a.conf": more than 1 MiB',
    });
    expect(host.value()).toBe(1);
  });

  it.runIf(isNobodyHere())('is what may not be read', () => {
    const host = new Host({ [FILE]: `${LINE}1\n`, '/run/sysctl.d/b.conf': '', '/etc/sysctl.d/c.conf': `${LINE}2\n` });
    // Whatever the umask is.
    execFileSync('chmod', ['-R', 'a+rX', host.root]);
    chmodSync(host.root + FILE, 0);
    chmodSync(`${host.root}/run/sysctl.d`, 0);
    // Or its owner could not remove it.
    onTestFinished(() => chmodSync(`${host.root}/run/sysctl.d`, 0o700));
    asNobody(() => {
      expect(host.read()).toMatchObject({
        success: false,
        error: 'Cannot list "/run/sysctl.d": EACCES; Cannot read "/etc/sysctl.d/10-a.conf": EACCES',
      });
      expect(host.value()).toBe(2);
    });
  });

  it('is told of five files and counted of the rest', () => {
    const host = new Host({});
    mkdirSync(`${host.root}/etc/sysctl.d`);
    execFileSync(
      'mkfifo',
      Array.from({ length: 8 }, (_, index) => `${host.root}/etc/sysctl.d/${index}.conf`),
    );
    expect(host.read().error).toMatch(/^(Cannot read "[^;]*; ){5}and 3 more$/);
  });

  it('is a root that is none: nothing is said then', () => {
    const root = makeRoot();
    const configuration = new BootConfiguration(root, () => 0);
    onTestFinished(() => configuration.close());
    const reading = configuration.read();
    expect(reading).toMatchObject({
      success: false,
      error: expect.stringContaining(`Cannot find "/etc" in "${root}"`),
    });
    expect(predictAll(reading, ['all', 'eth0']).eth0).toMatchObject({ value: undefined });
    makeTree(root, { [FILE]: `${LINE}1\n` });
    expect(configuration.read().success).toBe(true);
  });
});

it('releases its watches, and keeps none of what is gone', () => {
  const atFirst = countWatches();
  const host = new Host({ [FILE]: `${LINE}1\n` });
  host.read();
  const watched = countWatches() - atFirst;
  expect(watched).toBeGreaterThan(0);
  for (let round = 0; round < 20; round += 1) {
    rmSync(`${host.root}/etc/sysctl.d`, { recursive: true });
    host.read();
    makeTree(host.root, { [FILE]: `${LINE}${round}\n` });
    expect(host.value()).toBe(round);
  }
  expect(countWatches() - atFirst).toBe(watched);
  host.configuration.close();
  host.configuration.close();
  host.read();
  expect(countWatches()).toBe(atFirst);
});

// As the kernel lists them.
function countWatches(): number {
  return readdirSync('/proc/self/fdinfo').flatMap((descriptor) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8').match(/^inotify /gm) ?? [];
    } catch {
      return [];
    }
  }).length;
}
