import { describe, expect, it } from 'vitest';
import { parseFlags as parse, UsageError } from '../../../src/commands/flags/flags.ts';
import { SERVE_FLAGS } from '../../../src/commands/flags/serve-flags.ts';

const parseFlags = (argv: readonly string[]) => parse(argv, SERVE_FLAGS).values;

describe('parseFlags', () => {
  it('has a default for each flag', () => {
    expect(parseFlags([])).toMatchObject({
      'web.listen-address': [':10131'],
      'web.telemetry-path': '/metrics',
      'web.max-requests': '40',
      'input.kmsg': '/dev/kmsg',
      'input.file': [],
      'input.from': 'end',
      'netfilter.log-prefix': ['SRC ROUTE ATTEMPT: '],
      'sources.max': '100',
      'sources.known': [],
      'path.procfs': '/proc',
      'path.sysfs': '/sys',
      'collector.sysctl': true,
      'path.rootfs': '/',
      'collector.observability': true,
      'sysctl.policy': undefined,
      'sysctl.interface-include': undefined,
      'sysctl.interface-exclude': undefined,
      'sysctl.interfaces-max': '64',
      'log.events': false,
      'config.check': false,
      'log.level': 'info',
      'log.format': 'logfmt',
      version: false,
      help: false,
    });
  });

  it('has each flag once, with a help that ends in a full stop', () => {
    const names = SERVE_FLAGS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { help } of SERVE_FLAGS) expect(help).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    [['--log.level=debug'], { 'log.level': 'debug' }],
    [['--log.level', 'debug'], { 'log.level': 'debug' }],
    [['--log.level=debug', '--log.level=error'], { 'log.level': 'error' }],
    [['--log.level='], { 'log.level': '' }],
    [['--input.kmsg=a=b'], { 'input.kmsg': 'a=b' }],
    [['--netfilter.log-prefix=-x'], { 'netfilter.log-prefix': ['-x'] }],
    [['--netfilter.log-prefix', 'A: ', '--netfilter.log-prefix=B: '], { 'netfilter.log-prefix': ['A: ', 'B: '] }],
    [['--input.file=a', '--input.file', 'b'], { 'input.file': ['a', 'b'] }],
    [['--web.listen-address=:0'], { 'web.listen-address': [':0'] }],
    [['--log.events'], { 'log.events': true }],
    [['--no-log.events'], { 'log.events': false }],
    [['--no-collector.sysctl'], { 'collector.sysctl': false }],
    [['--collector.sysctl'], { 'collector.sysctl': true }],
    [['--no-collector.sysctl', '--collector.sysctl'], { 'collector.sysctl': true }],
    [['-h'], { help: true }],
    [['--help', '--version'], { help: true, version: true }],
  ] as const)('reads %j', (argv, values) => {
    expect(parseFlags(argv)).toMatchObject(values);
  });

  it.each([
    [['--nope'], 'Unknown option --nope; see --help'],
    [['--log.levels=debug'], 'Unknown option --log.levels; see --help'],
    [['-x'], 'Unknown option -x; see --help'],
    [['--no-log.level'], 'Unknown option --no-log.level; see --help'],
    [['--no-nope'], 'Unknown option --no-nope; see --help'],
    [['--log.level'], 'Option --log.level argument missing; see --help'],
    [['--input.file'], 'Option --input.file argument missing; see --help'],
    [['--log.events=true'], 'Option --log.events does not take an argument; see --help'],
  ])('refuses %j', (argv, message) => {
    expect(() => parseFlags(argv)).toThrow(new UsageError(message));
    expect(() => parseFlags(argv)).toThrow(UsageError);
  });

  it('refuses a flag in the place of a value in a sentence that is one', () => {
    expect(() => parseFlags(['--log.level', '--log.events'])).toThrow(
      new UsageError('Option --log.level argument is ambiguous; see --help'),
    );
  });

  it('gives what is no flag', () => {
    expect(parse(['a', '--log.events', 'true', '--', '--help'], SERVE_FLAGS).operands).toEqual(['a', 'true', '--help']);
  });
});
