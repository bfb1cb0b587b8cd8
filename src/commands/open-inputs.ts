import type { InputClocks } from '../input/input-clocks.ts';
import { KmsgInput } from '../input/kmsg.ts';
import { isGlob, newLogFiles } from '../input/log-files.ts';
import { type From, type Input, type InputStats, newInputStats } from '../input/record.ts';
import { syslogInput } from '../input/syslog.ts';
import type { Log } from '../log/log.ts';
import type { ServeConfig } from './serve-config.ts';

/** How often globs are looked at for new files, in milliseconds. */
const GLOB_MS = 1_000;

/** The logs that are followed, by now. */
export interface Inputs {
  /** A glob that matches nothing is an input that is down: a log that is missing must be seen to be missing. */
  list(): readonly { readonly name: string; readonly stats: InputStats }[];
}

/**
 * Opens what the flags name, and the files that globs come to match later; each is handed to `start` once. Ends with the
 * signal.
 */
export function openInputs(
  { kmsg, files, from }: ServeConfig,
  clocks: InputClocks,
  log: Log,
  start: (input: Input) => void,
  signal: AbortSignal,
): Inputs {
  const inputs: Input[] = [];
  const open = (input: Input) => {
    inputs.push(input);
    start(input);
  };
  if (files.length === 0) {
    open(new KmsgInput(kmsg, from, log, clocks));
    return { list: () => inputs };
  }
  const globs = files.filter(isGlob);
  const look = (begin: From) => {
    for (const path of newLogFiles(
      files,
      inputs.map(({ name }) => name),
    ))
      open(syslogInput(path, begin, log, clocks));
  };
  look(from);
  if (globs.length > 0) {
    const timer = setInterval(() => look('start'), GLOB_MS);
    signal.addEventListener('abort', () => clearInterval(timer));
  }
  const unmatched = globs.map((name) => ({ name, stats: newInputStats() }));
  return { list: () => (inputs.length > 0 ? inputs : unmatched) };
}
