import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../src/commands/run.ts';
import { makeDirectory } from '../input/follow.ts';
import { makeEnvironment } from './environment.ts';

/** A log, and flags that keep the program away from this machine. */
function makeHost() {
  const directory = makeDirectory();
  mkdirSync(`${directory}/proc`);
  writeFileSync(`${directory}/kern.log`, '');
  const flags = [
    `--path.procfs=${directory}/proc`,
    `--path.sysfs=${directory}/sys`,
    '--web.listen-address=127.0.0.1:0',
  ];
  return { directory, flags, log: `${directory}/kern.log` };
}

describe('run', () => {
  it('shows the help', async () => {
    const { environment, stdout, stderr } = makeEnvironment(['--help']);
    expect(await run(environment)).toBe(0);
    expect(stdout()).toMatch(/^srcroute-exporter 1\.2\.3: /);
    expect(stderr()).toBe('');
  });

  it('shows the version', async () => {
    const { environment, stdout, stderr } = makeEnvironment(['--version']);
    expect(await run(environment)).toBe(0);
    expect(stdout()).toBe('srcroute-exporter 1.2.3 (revision abcdef, Node.js 20.19.0)\n');
    expect(stderr()).toBe('');
  });

  it('shows them without looking at the other flags', async () => {
    expect(await run(makeEnvironment(['--help', '--log.level=nope']).environment)).toBe(0);
    expect(await run(makeEnvironment(['--version', '--log.level=nope']).environment)).toBe(0);
  });

  it.each([
    [['--nope'], 'srcroute-exporter: Unknown option --nope; see --help\n'],
    [
      ['check it'],
      'srcroute-exporter: Unknown command "check it": expected serve, scan, check, or flags alone; see --help\n',
    ],
    [
      ['--sources.max=0'],
      'srcroute-exporter: --sources.max: Cannot use "0": expected a whole number from 1 to 10000\n',
    ],
    [['--input.from=a\nb'], 'srcroute-exporter: --input.from: Cannot use "a b": expected end or start\n'],
    [
      ['--config.check', '--log.format=xml'],
      'srcroute-exporter: --log.format: Cannot use "xml": expected logfmt or json\n',
    ],
  ])('ends with 2 and one line for %j', async (argv, message) => {
    const { environment, stdout, stderr } = makeEnvironment(argv);
    expect(await run(environment)).toBe(2);
    expect(stderr()).toBe(message);
    expect(stdout()).toBe('');
  });

  it('serves until the signal, and ends with 0', async () => {
    const { flags, log } = makeHost();
    const { environment, stderr } = makeEnvironment([`--input.file=${log}`, ...flags]);
    expect(await run(environment)).toBe(0);
    expect(stderr()).toMatch(
      /level=info msg="Starting srcroute-exporter" version=1\.2\.3 revision=abcdef node=20\.19\.0\n/,
    );
    expect(stderr()).toMatch(/msg=Listening address=127\.0\.0\.1:\d+\n/);
    expect(stderr()).toMatch(/msg=Stopping\n/);
  });

  it('ends with 1 and one line when the port is taken', async () => {
    const { flags, log } = makeHost();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as { port: number };
    const argv = [`--input.file=${log}`, ...flags, `--web.listen-address=127.0.0.1:${port}`];
    const { environment, stderr } = makeEnvironment(argv, { signal: new AbortController().signal });
    expect(await run(environment)).toBe(1);
    expect(stderr().split('\n').at(-2)).toMatch(new RegExp(`^srcroute-exporter: .*127\\.0\\.0\\.1:${port}.*`));
  });
});

describe('run --config.check', () => {
  it('finds nothing to say about a log that is there', async () => {
    const { flags, log } = makeHost();
    const { environment, stdout, stderr } = makeEnvironment(['--config.check', `--input.file=${log}`, ...flags]);
    expect(await run(environment)).toBe(0);
    expect(stderr()).toBe('');
    expect(stdout()).toBe('Configuration is fine\n');
  });

  it.each(['--input.file', '--input.kmsg'])(
    'warns of a log of %s that is missing, and is fine all the same',
    async (flag) => {
      const { directory, flags } = makeHost();
      const { environment, stdout, stderr } = makeEnvironment([
        '--config.check',
        `${flag}=${directory}/none`,
        ...flags,
      ]);
      expect(await run(environment)).toBe(0);
      expect(stderr()).toBe(`warning: Cannot read ${directory}/none: ENOENT; the exporter would run and try again\n`);
      expect(stdout()).toBe('Configuration is fine\n');
    },
  );

  it('warns of a glob that matches nothing', async () => {
    const { directory, flags } = makeHost();
    const argv = ['--config.check', `--input.file=${directory}/*.none`, ...flags];
    const { environment, stderr } = makeEnvironment(argv);
    expect(await run(environment)).toBe(0);
    expect(stderr()).toBe(`warning: No file matches ${directory}/*.none; the exporter would run and look again\n`);
  });

  it('warns of what would be counted twice', async () => {
    const { directory, flags, log } = makeHost();
    writeFileSync(`${directory}/syslog`, '');
    const argv = ['--config.check', `--input.file=${log}`, `--input.file=${directory}/syslog`, ...flags];
    const { environment, stderr } = makeEnvironment(argv);
    expect(await run(environment)).toBe(0);
    expect(stderr()).toBe(
      `warning: ${log} and ${directory}/syslog hold the same kernel messages: every event will be counted twice; follow one of them\n`,
    );
  });
});
