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
  const { stats } = input;
  const pauses = new Pauses();
  input.onWake(() => pauses.end());
  signal.addEventListener('abort', () => pauses.end());
  let lastTrouble: string | undefined;
  const report = (trouble: string | undefined) => {
    if (trouble === undefined && !stats.up) log.info('Reading log', { input: input.name });
    if (trouble !== undefined && trouble !== lastTrouble) log.warn(trouble, { input: input.name });
    stats.up = trouble === undefined;
    lastTrouble = trouble;
  };
  try {
    while (!signal.aborted) {
      const step = attempt(input);
      // Handed on before anything else: they are counted as read by now.
      if (step.records.length > 0) yield step.records;
      report(step.trouble);
      if (stats.up) stats.lastPoll = now() / 1000;
      if (!step.more) stats.caughtUp = true;
      await (step.more ? nextTurn() : pauses.begin(step.waitMs));
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

/** Pauses that can be ended from outside, also before they begin. Made for being idle: one listener for all of them. */
class Pauses {
  #end: (() => void) | undefined;
  #isDue = false;

  begin(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end(), this.#isDue ? 0 : milliseconds);
      this.#isDue = false;
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    if (this.#end === undefined) this.#isDue = true;
    this.#end?.();
    this.#end = undefined;
  }
}
