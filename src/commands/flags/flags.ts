import { parseArgs } from 'node:util';

/** Wrong usage or configuration: one line that names the flag, or the file and line. The process ends with 2. */
export class UsageError extends Error {}

/** A flag of the program: a row of a table. */
export interface Flag {
  readonly name: string;
  readonly type: 'text' | 'list' | 'switch';
  readonly default?: string | boolean | readonly string[];
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
}

type ValueOf<F extends Flag> = F['type'] extends 'list'
  ? readonly string[]
  : F['type'] extends 'switch'
    ? boolean
    : F extends { default: string }
      ? string
      : string | undefined;

/** Values by name, defaults filled in, of the flags of a table. */
export type FlagValues<Table extends readonly Flag[]> = {
  readonly [F in Table[number] as F['name']]: ValueOf<F>;
};

/**
 * Takes the arguments after the program's name (and the command's) and the table; gives the flags' values and what is no flag.
 * `--name=value`, `--name value`, `--no-name` for switches. Throws UsageError for what is not in the table.
 */
export function parseFlags<const Table extends readonly Flag[]>(
  argv: readonly string[],
  table: Table,
): { values: FlagValues<Table>; operands: readonly string[] } {
  const options = Object.fromEntries(
    table.map(({ name, type }) => [
      name,
      {
        type: type === 'switch' ? ('boolean' as const) : ('string' as const),
        multiple: type === 'list',
        ...(name === 'help' && { short: 'h' }),
      },
    ]),
  );
  const { values, positionals } = parse(argv, options);
  const filled = table.map((flag) => [flag.name, values[flag.name] ?? flag.default]);
  return { values: Object.fromEntries(filled) as FlagValues<Table>, operands: positionals };
}

function parse(argv: readonly string[], options: NonNullable<Parameters<typeof parseArgs>[0]>['options']) {
  try {
    return parseArgs({ args: [...argv], options: options ?? {}, allowPositionals: true, allowNegative: true });
  } catch (error) {
    throw new UsageError(oneLine(error as Error));
  }
}

/** parseArgs explains positional arguments at length after the first sentence. */
function oneLine(error: Error): string {
  const [first = ''] = error.message.split(/\. |\n/);
  return `${first.replace(/\.$/, '').replace(/'(-[^' ]*)(?: <value>)?'/, '$1')}; see --help`;
}
