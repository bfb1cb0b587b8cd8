import { join } from 'node:path';
import type { From } from '../../input/record.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../../log/log.ts';
import { type ListenAddress, parseListenAddress } from '../../web/listen-address.ts';
import type { FlagValues } from '../flags/flags.ts';
import { checked, duration, integer, notEmpty, oneOf, refuse } from '../flags/read-flag.ts';
import type { SERVE_FLAGS } from '../flags/serve-flags.ts';
import { type EventConfig, eventConfig } from './event-config.ts';
import { type InputConfig, inputConfig } from './input-config.ts';
import { type PostureConfig, postureConfig } from './posture-config.ts';

/** The flags of `serve` as what they mean. */
export interface ServeConfig extends InputConfig, EventConfig, PostureConfig {
  readonly listenAddresses: readonly ListenAddress[];
  readonly telemetryPath: string;
  /** Undefined when the exporter is served to everybody, without TLS. */
  readonly webConfigFile: string | undefined;
  readonly maxRequests: number;
  readonly from: From;
  /** Undefined when nothing survives the process. */
  readonly stateFile: string | undefined;
  readonly stateIntervalMs: number;
  readonly collectors: { readonly sysctl: boolean; readonly observability: boolean };
  readonly logEvents: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

/** Checks all flags and reads the files they name; takes the state directory that the service manager gives, too. Throws UsageError naming the flag, or the file and line. */
export function serveConfig(flags: FlagValues<typeof SERVE_FLAGS>, stateDirectory?: string): ServeConfig {
  return {
    ...inputConfig(flags),
    ...eventConfig(flags),
    ...postureConfig(flags),
    listenAddresses: flags['web.listen-address'].map((text) =>
      checked('web.listen-address', () => parseListenAddress(text)),
    ),
    telemetryPath: telemetryPath(flags['web.telemetry-path']),
    webConfigFile: optionalPath('web.config.file', flags['web.config.file']),
    maxRequests: integer('web.max-requests', flags['web.max-requests'], 0, 1_000_000),
    from: oneOf('input.from', flags['input.from'], ['end', 'start']),
    stateFile: stateFile(flags['state.file'], stateDirectory),
    stateIntervalMs: duration('state.interval', flags['state.interval']),
    collectors: { sysctl: flags['collector.sysctl'], observability: flags['collector.observability'] },
    logEvents: flags['log.events'],
    logLevel: oneOf('log.level', flags['log.level'], LOG_LEVELS),
    logFormat: oneOf('log.format', flags['log.format'], LOG_FORMATS),
  };
}

function optionalPath(name: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : notEmpty(name, text);
}

/** systemd's STATE_DIRECTORY may hold several, separated by colons. */
function stateFile(text: string | undefined, stateDirectory = ''): string | undefined {
  if (text !== undefined) return notEmpty('state.file', text);
  const [directory = ''] = stateDirectory.split(':');
  return directory === '' ? undefined : join(directory, 'state.json');
}

function telemetryPath(text: string): string {
  if (!/^\/[\w./~-]*$/.test(text) || text.startsWith('/-/')) {
    refuse('web.telemetry-path', text, 'a path such as /metrics, outside of /-/');
  }
  return text;
}
