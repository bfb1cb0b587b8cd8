import { describe, expect, it } from 'vitest';
import { chooseCommand } from '../../src/commands/choose-command.ts';
import { UsageError } from '../../src/commands/flags/flags.ts';

describe('chooseCommand', () => {
  it.each([
    [[], 'serve', []],
    [['--help'], 'serve', ['--help']],
    [['serve', '--help'], 'serve', ['--help']],
    [['check'], 'check', []],
    [['scan', 'serve', 'check'], 'scan', ['serve', 'check']],
    [['--', 'scan'], 'serve', ['--', 'scan']],
  ])('of %j is %s', (argv, name, rest) => {
    const chosen = chooseCommand(argv);
    expect([chosen.command.name, chosen.rest]).toEqual([name, rest]);
  });

  it.each(['server', '/var/log/kern.log', '', 'toString'])('refuses %j', (word) => {
    expect(() => chooseCommand([word])).toThrow(
      new UsageError(`Unknown command "${word}": expected serve, scan, check, or flags alone; see --help`),
    );
  });
});
