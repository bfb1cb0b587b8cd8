import { COMMANDS, type Command } from './commands.ts';
import { UsageError } from './flags/flags.ts';

/**
 * Takes the arguments after the program's name, gives the command they name first and the rest; `serve` when they begin with a
 * flag. Throws UsageError for a command that is not there.
 */
export function chooseCommand(argv: readonly string[]): { command: Command; rest: readonly string[] } {
  const [first, ...rest] = argv;
  if (first === undefined || first.startsWith('-')) return { command: COMMANDS[0], rest: argv };
  const command = COMMANDS.find(({ name }) => name === first);
  if (command) return { command, rest };
  const names = COMMANDS.map(({ name }) => name).join(', ');
  throw new UsageError(`Unknown command "${first}": expected ${names}, or flags alone; see --help`);
}
