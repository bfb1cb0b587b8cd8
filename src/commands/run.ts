import { chooseCommand } from './choose-command.ts';
import type { Environment } from './environment.ts';
import { UsageError } from './flags/flags.ts';
import { help } from './help.ts';

/** Runs the program. Gives its exit code: 0 fine, 1 it broke or the answer is bad, 2 wrong usage or configuration. Never rejects. */
export async function run(environment: Environment): Promise<number> {
  const { argv, stdout, stderr, build } = environment;
  try {
    const { command, rest } = chooseCommand(argv);
    const asked = command.parse(rest);
    if (asked.help) {
      stdout(help(build.version, command));
      return 0;
    }
    if (asked.version) {
      stdout(`srcroute-exporter ${build.version} (revision ${build.revision}, Node.js ${build.node})\n`);
      return 0;
    }
    return await asked.run(environment);
  } catch (error) {
    stderr(`srcroute-exporter: ${(error as Error).message.replaceAll('\n', ' ')}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
