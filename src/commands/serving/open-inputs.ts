import type { InputState, State } from '../../checkpoint/state.ts';
import { readBootId } from '../../input/boot-id.ts';
import type { InputClocks } from '../../input/input-clocks.ts';
import { KmsgInput } from '../../input/kmsg.ts';
import { isGlob, newLogFiles } from '../../input/log-files.ts';
import { type From, type Input, type InputStats, newInputStats } from '../../input/record.ts';
import { syslogInput } from '../../input/syslog.ts';
import { wasRead } from '../../input/was-read.ts';
import type { Log } from '../../log/log.ts';
import type { ServeConfig } from '../config/serve-config.ts';

/** How often globs are looked at for new files, in milliseconds. */
const GLOB_MS = 1_000;

/** The logs that are followed, by now. */
export interface Inputs {
  /** A glob that matches nothing is an input that is down: a log that is missing must be seen to be missing. */
  list(): readonly { readonly name: string; readonly stats: InputStats }[];
  /** Those that are open. */
  readonly open: readonly Input[];
}

function restore(stats: InputStats, { rejected, ...counters }: Partial<InputState['stats']> = {}): void {
  Object.assign(stats, counters);
  Object.assign(stats.rejected, rejected);
}

/** How the logs stand, to go on from in another process. */
export function inputStates(inputs: readonly Input[]): State['inputs'] {
  return Object.fromEntries(
    inputs.map((input) => {
      const { records, lost, reopens, rejected, lastRecord } = input.stats;
      return [input.name, { position: input.position(), stats: { records, lost, reopens, rejected, lastRecord } }];
    }),
  );
}

/**
 * Opens what the flags name, and the files that globs come to match later; each is handed to `start` once. Takes the words without which
 * a message is not ours, and what a former process left of each. Ends with the signal.
 */
export function openInputs(
  { kmsg, files, from, procfs }: ServeConfig,
  words: readonly string[],
  saved: State['inputs'],
  clocks: InputClocks,
  log: Log,
  start: (input: Input) => void,
  signal: AbortSignal,
): Inputs {
  const inputs: Input[] = [];
  const open = (input: Input) => {
    restore(input.stats, saved[input.name]?.stats);
    inputs.push(input);
    start(input);
  };
  if (files.length === 0) {
    open(new KmsgInput(kmsg, from, log, clocks, readBootId(procfs), saved[kmsg]?.position));
    return { list: () => inputs, open: inputs };
  }
  const globs = files.filter(isGlob);
  const look = (begin: From) => {
    const followed = inputs.map(({ name }) => name);
    for (const path of newLogFiles(files, followed)) {
      const position = saved[path]?.position;
      if (position !== undefined || !wasRead(path, readBefore()))
        open(syslogInput(path, words, begin, log, clocks, position));
    }
  };
  /** Files that are read, by us or by a former process, whatever they are called by now. */
  const readBefore = () => {
    const former = Object.values(saved).map(({ position }) => position);
    return [...inputs.map((input) => input.position()), ...former].flatMap((position) => position?.files ?? []);
  };
  look(from);
  if (inputs.length === 0) log.warn('No file matches; looking again each second', { patterns: globs.join(' ') });
  if (globs.length > 0) {
    const timer = setInterval(() => look('start'), GLOB_MS);
    signal.addEventListener('abort', () => clearInterval(timer));
  }
  const unmatched = globs.map((name) => ({ name, stats: newInputStats() }));
  return { list: () => (inputs.length > 0 ? inputs : unmatched), open: inputs };
}
