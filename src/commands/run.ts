import { accessSync, constants } from 'node:fs';
import { readState } from '../checkpoint/state-file.ts';
import { newLogFiles } from '../input/log-files.ts';
import type { Environment } from './environment.ts';
import { parseFlags, SERVE_FLAGS, UsageError } from './flags.ts';
import { help } from './help.ts';
import { serve } from './serve.ts';
import { type ServeConfig, serveConfig } from './serve-config.ts';
import { startWarnings } from './start-warnings.ts';

/** Runs the program. Gives its exit code: 0 fine, 1 it broke, 2 wrong usage or configuration. Never rejects. */
export async function run(environment: Environment): Promise<number> {
  const { argv, stdout, stderr, build } = environment;
  try {
    const flags = parseFlags(argv);
    if (flags.help) {
      stdout(help(build.version, SERVE_FLAGS));
      return 0;
    }
    if (flags.version) {
      stdout(`srcroute-exporter ${build.version} (revision ${build.revision}, Node.js ${build.node})\n`);
      return 0;
    }
    const config = serveConfig(flags, environment.stateDirectory);
    return flags['config.check'] ? checkConfig(config, environment) : await serve(config, environment);
  } catch (error) {
    stderr(`srcroute-exporter: ${(error as Error).message.replaceAll('\n', ' ')}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** The configuration was read, so it is right; what may be wrong all the same is told. */
function checkConfig(config: ServeConfig, { stdout, stderr, uid }: Environment): number {
  const logs = config.files.length === 0 ? [config.kmsg] : newLogFiles(config.files, []);
  const unreadable = logs.flatMap((path) => {
    const code = unreadableBecause(path);
    return code === undefined ? [] : [`Cannot read ${path}: ${code}; the exporter would run and try again`];
  });
  if (logs.length === 0)
    unreadable.push(`No file matches ${config.files.join(', ')}; the exporter would run and look again`);
  if (config.stateFile !== undefined) unreadable.push(...checkState(config.stateFile));
  for (const warning of [...unreadable, ...startWarnings(config, logs, uid)]) stderr(`warning: ${warning}\n`);
  stdout('Configuration is fine\n');
  return 0;
}

/** A state that cannot be used is no error of the configuration; a path that cannot be is one. */
function checkState(file: string): string[] {
  try {
    const { outcome } = readState(file);
    return outcome === 'loaded' || outcome === 'absent'
      ? []
      : [`State in ${file} is ${outcome}; it would be set aside`];
  } catch (error) {
    throw new UsageError(`--state.file: ${(error as Error).message}`, { cause: error });
  }
}

function unreadableBecause(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
