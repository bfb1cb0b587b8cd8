import { accessSync, constants } from 'node:fs';
import { readState } from '../../checkpoint/state-file.ts';
import { newLogFiles } from '../../input/log-files.ts';
import { type ServeConfig, serveConfig } from '../config/serve-config.ts';
import type { Environment } from '../environment.ts';
import { type FlagValues, UsageError } from '../flags/flags.ts';
import type { SERVE_FLAGS } from '../flags/serve-flags.ts';
import { serve } from '../serve.ts';
import { openWebConfig } from './open-web-config.ts';
import { startWarnings } from './start-warnings.ts';

/** Checks the flags, and serves or, with --config.check, says what it found. Gives the exit code; throws UsageError for what is wrong. */
export async function startServing(flags: FlagValues<typeof SERVE_FLAGS>, environment: Environment): Promise<number> {
  const config = serveConfig(flags, environment.stateDirectory);
  const web = config.webConfigFile === undefined ? undefined : await openWebConfig(config.webConfigFile);
  return flags['config.check'] ? checkConfig(config, environment) : await serve(config, environment, web);
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
