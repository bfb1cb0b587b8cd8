import type { FlagValues } from '../flags/flags.ts';
import type { INPUT_FLAGS } from '../flags/input-flags.ts';
import { notEmpty } from '../flags/read-flag.ts';

/** Which log is read. */
export interface InputConfig {
  readonly kmsg: string;
  /** Paths and globs; none means the device. */
  readonly files: readonly string[];
}

/** Checks the flags of the input. Throws UsageError naming the flag. */
export function inputConfig(flags: FlagValues<typeof INPUT_FLAGS>): InputConfig {
  return {
    kmsg: notEmpty('input.kmsg', flags['input.kmsg']),
    files: flags['input.file'].map((path) => notEmpty('input.file', path)),
  };
}
