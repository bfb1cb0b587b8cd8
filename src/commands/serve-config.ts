import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KnownSenders, knownSenders } from '../event/origin.ts';
import type { From } from '../input/record.ts';
import type { LedgerBounds } from '../ledger/ledger.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../log/log.ts';
import { parsePolicy } from '../posture/parse-policy.ts';
import { BUILT_IN_POLICY, type SysctlRule } from '../posture/policy.ts';
import { type ListenAddress, parseListenAddress } from '../web/listen-address.ts';
import { type FlagValues, UsageError } from './flags.ts';
import { parseDuration } from './parse-duration.ts';

/** The flags of `serve` as what they mean. */
export interface ServeConfig {
  readonly listenAddresses: readonly ListenAddress[];
  readonly telemetryPath: string;
  readonly maxRequests: number;
  readonly kmsg: string;
  /** Paths and globs; none means the device. */
  readonly files: readonly string[];
  readonly from: From;
  /** Undefined when nothing survives the process. */
  readonly stateFile: string | undefined;
  readonly stateIntervalMs: number;
  readonly logPrefixes: readonly string[];
  readonly bounds: LedgerBounds;
  readonly known: KnownSenders;
  readonly procfs: string;
  readonly sysfs: string;
  /** Undefined when the collector is off. */
  readonly sysctlRules: readonly SysctlRule[] | undefined;
  readonly interfaceInclude: RegExp | undefined;
  readonly interfaceExclude: RegExp | undefined;
  readonly maxInterfaces: number;
  readonly logEvents: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

/** Checks all flags and reads the files they name; takes the state directory that the service manager gives, too. Throws UsageError naming the flag, or the file and line. */
export function serveConfig(flags: FlagValues, stateDirectory?: string): ServeConfig {
  return {
    listenAddresses: flags['web.listen-address'].map((text) =>
      checked('web.listen-address', () => parseListenAddress(text)),
    ),
    telemetryPath: telemetryPath(flags['web.telemetry-path']),
    maxRequests: integer('web.max-requests', flags['web.max-requests'], 0, 1_000_000),
    kmsg: notEmpty('input.kmsg', flags['input.kmsg']),
    files: flags['input.file'].map((path) => notEmpty('input.file', path)),
    from: oneOf('input.from', flags['input.from'], ['end', 'start']),
    stateFile: stateFile(flags['state.file'], stateDirectory),
    stateIntervalMs: duration('state.interval', flags['state.interval']),
    logPrefixes: flags['netfilter.log-prefix'].map(logPrefix),
    bounds: {
      maxSources: integer('sources.max', flags['sources.max'], 1, 10_000),
      expireAfterSeconds: duration('sources.expire-after', flags['sources.expire-after']) / 1000,
      ipv4SubnetBits: integer('sources.ipv4-subnet', flags['sources.ipv4-subnet'], 0, 32),
      ipv6SubnetBits: integer('sources.ipv6-subnet', flags['sources.ipv6-subnet'], 0, 128),
    },
    known: checked('sources.known', () => knownSenders(flags['sources.known'])),
    procfs: notEmpty('path.procfs', flags['path.procfs']),
    sysfs: notEmpty('path.sysfs', flags['path.sysfs']),
    sysctlRules: flags['collector.sysctl'] ? policy(flags['sysctl.policy']) : undefined,
    interfaceInclude: regex('sysctl.interface-include', flags['sysctl.interface-include']),
    interfaceExclude: regex('sysctl.interface-exclude', flags['sysctl.interface-exclude']),
    maxInterfaces: integer('sysctl.interfaces-max', flags['sysctl.interfaces-max'], 0, 100_000),
    logEvents: flags['log.events'],
    logLevel: oneOf('log.level', flags['log.level'], LOG_LEVELS),
    logFormat: oneOf('log.format', flags['log.format'], LOG_FORMATS),
  };
}

/** What a reader of a flag throws becomes a line that names the flag. */
function checked<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`--${name}: ${(error as Error).message}`, { cause: error });
  }
}

function refuse(name: string, text: string, expected: string): never {
  throw new UsageError(`--${name}: Cannot use "${text}": expected ${expected}`);
}

function notEmpty(name: string, text: string): string {
  return text === '' || text.includes('\0') ? refuse(name, text, 'a path') : text;
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : refuse(name, text, `a whole number from ${least} to ${most}`);
}

/** Milliseconds. */
function duration(name: string, text: string): number {
  return checked(name, () => parseDuration(text));
}

function oneOf<T extends string>(name: string, text: string, values: readonly T[]): T {
  return values.find((value) => value === text) ?? refuse(name, text, values.join(' or '));
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

/** The kernel's limits are 29 bytes for xt_LOG and 127 for nftables. An empty prefix would count every LOG line there is. */
function logPrefix(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (text.trim() === '' || bytes > 127) refuse('netfilter.log-prefix', text, '1 to 127 bytes that are not all blank');
  return text;
}

function regex(name: string, text: string | undefined): RegExp | undefined {
  return text === undefined ? undefined : checked(name, () => new RegExp(text, 'u'));
}

function policy(file: string | undefined): readonly SysctlRule[] {
  if (file === undefined) return BUILT_IN_POLICY;
  return checked('sysctl.policy', () => parsePolicy(readText(file), file));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`Cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}
