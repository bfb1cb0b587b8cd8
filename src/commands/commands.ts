import type { Environment } from './environment.ts';
import { CHECK_FLAGS } from './flags/check-flags.ts';
import { type Flag, type FlagValues, parseFlags, UsageError } from './flags/flags.ts';
import { SCAN_FLAGS } from './flags/scan-flags.ts';
import { SERVE_FLAGS } from './flags/serve-flags.ts';

/** One command of the program: a row of the table. */
export interface Command {
  readonly name: string;
  /** What stands between the program's name and the flags. */
  readonly usage: string;
  /** What it does, for the help. */
  readonly about: string;
  readonly flags: readonly Flag[];
  /**
   * Takes the arguments after the command's name, gives what runs it: the exit code. Throws UsageError for flags that are not its own.
   */
  readonly parse: (argv: readonly string[]) => {
    help: boolean;
    version: boolean;
    run: (environment: Environment) => Promise<number>;
  };
}

/** The commands; the first is meant when none is named. Each is loaded only when it runs: a daemon carries none of the others. */
export const COMMANDS: readonly [Command, ...Command[]] = [
  command({
    name: 'serve',
    usage: '[serve] [flags]',
    about: 'Follows the kernel log and serves metrics. The command when none is named.',
    flags: SERVE_FLAGS,
    operands: 'none',
    run: async (flags, _, environment) => (await import('./serving/start-serving.ts')).startServing(flags, environment),
  }),
  command({
    name: 'scan',
    usage: 'scan [flags] FILE...',
    about: 'Reads logs from start to end and reports what they hold. - is standard input.',
    flags: SCAN_FLAGS,
    operands: 'files',
    run: async (flags, files, environment) => (await import('./scan.ts')).scan(flags, files, environment),
  }),
  command({
    name: 'check',
    usage: 'check [flags]',
    about: 'Says whether this host refuses source-routed packets, what it cannot see, and how to mend both.',
    flags: CHECK_FLAGS,
    operands: 'none',
    run: async (flags, _, environment) => (await import('./check.ts')).check(flags, environment),
  }),
];

function command<const Table extends readonly Flag[]>({
  operands,
  run,
  ...row
}: Omit<Command, 'flags' | 'parse'> & {
  flags: Table;
  operands: 'none' | 'files';
  run: (flags: FlagValues<Table>, files: readonly string[], environment: Environment) => Promise<number>;
}): Command {
  return {
    ...row,
    parse(argv) {
      const { values, operands: files } = parseFlags(argv, row.flags);
      if (operands === 'none' && files[0] !== undefined) {
        throw new UsageError(`Unexpected argument "${files[0]}": ${row.name} takes flags only; see --help`);
      }
      const { help, version } = values as { help?: boolean; version?: boolean };
      return {
        help: help === true,
        version: version === true,
        run: (environment) => run(values, files, environment),
      };
    },
  };
}
