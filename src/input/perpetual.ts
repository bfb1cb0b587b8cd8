import type { Log } from '../log/log.ts';
import type { Input, LogRecord, Step } from './record.ts';

/** How long an input that cannot be read is left alone, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * All batches of records of an input until the signal, whatever becomes of the log meanwhile: an input that cannot be read is
 * tried again for as long as it takes, with one warning for each new reason.
 */
export async function* perpetual(
  input: Input,
  signal: AbortSignal,
  log: Log,
  now: () => number,
): AsyncGenerator<readonly LogRecord[]> {
  let lastTrouble: string | undefined;
  const report = (trouble: string | undefined) => {
    if (trouble === undefined && !input.stats.up) log.info('Reading log', { input: input.name });
    if (trouble !== undefined && trouble !== lastTrouble) log.warn(trouble, { input: input.name });
    input.stats.up = trouble === undefined;
    lastTrouble = trouble;
  };
  try {
    while (!signal.aborted) {
      const step = attempt(input);
      report(step.trouble);
      if (input.stats.up) input.stats.lastPoll = now() / 1000;
      if (step.records.length > 0) yield step.records;
      if (!step.more) input.stats.caughtUp = true;
      await (step.more ? nextTurn() : pause(input, step.waitMs, signal));
    }
  } finally {
    input.close();
  }
}

/** A step that could not be made is one that brought nothing. */
function attempt(input: Input): Step {
  try {
    return input.step();
  } catch (error) {
    const trouble = error instanceof Error ? error.message : String(error);
    return { records: [], more: false, waitMs: RETRY_MS, trouble };
  }
}

/** Lets requests and signals through between two steps of a long backlog. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(input: Input, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
    input.onWake(end);
  });
}
