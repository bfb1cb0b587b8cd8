import { STANDARD_INPUT } from '../../scan/files/scan-log.ts';
import { type FlagValues, UsageError } from '../flags/flags.ts';
import { integer, notEmpty, oneOf } from '../flags/read-flag.ts';
import type { SCAN_FLAGS } from '../flags/scan-flags.ts';
import { type EventConfig, eventConfig } from './event-config.ts';

const FORMATS = ['table', 'json', 'prometheus'] as const;

/** The flags of `scan` as what they mean. */
export interface ScanConfig extends EventConfig {
  readonly files: readonly string[];
  readonly format: (typeof FORMATS)[number];
  readonly top: number;
  readonly isExplained: boolean;
  /** Undefined when no address is known to be the host's own. */
  readonly procfs: string | undefined;
}

/** Checks the flags and what is to be scanned. Throws UsageError naming the flag or the file. */
export function scanConfig(flags: FlagValues<typeof SCAN_FLAGS>, files: readonly string[]): ScanConfig {
  if (files.length === 0) throw new UsageError('Nothing to scan: name the logs, or - for standard input; see --help');
  if (files.filter((file) => file === STANDARD_INPUT).length > 1) {
    throw new UsageError('Standard input (-) can be scanned once only; see --help');
  }
  if (files.includes('')) throw new UsageError('Cannot scan "": expected a path; see --help');
  const format = oneOf('format', flags.format, FORMATS);
  if (flags.explain && format !== 'table') throw new UsageError('--explain: goes with --format=table only');
  const procfs = flags['path.procfs'];
  return {
    ...eventConfig(flags),
    files,
    format,
    top: integer('top', flags.top, 0, 10_000),
    isExplained: flags.explain,
    procfs: procfs === undefined ? undefined : notEmpty('path.procfs', procfs),
  };
}
