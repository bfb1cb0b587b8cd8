import type { Log } from '../../log/log.ts';
import type { Inputs } from './open-inputs.ts';

/** How long a scrape waits for the backlog, in milliseconds. */
const LIMIT_MS = 60_000;
const POLL_MS = 20;

/** Whether metrics may be shown: not while what was counted before a crash is being counted again. */
export interface CatchUp {
  readonly done: boolean;
}

/**
 * Waits until every log is read as far as it went at the start, then for the first checkpoint: no scrape may show a value lower than
 * one shown before the crash. After a minute it is given up, and said. Ends with the signal.
 */
export function catchUp(inputs: Inputs, firstCheckpoint: () => Promise<void>, log: Log, signal: AbortSignal): CatchUp {
  const state = { done: false };
  const finish = () => {
    clearInterval(poll);
    clearTimeout(limit);
  };
  const poll = setInterval(() => {
    if (!inputs.open.every(({ stats }) => stats.caughtUp)) return;
    clearInterval(poll);
    firstCheckpoint().then(() => {
      finish();
      state.done = true;
    });
  }, POLL_MS);
  const limit = setTimeout(() => {
    finish();
    if (!state.done)
      log.warn('The backlog is not read after a minute: serving all the same, values may be lower than before');
    state.done = true;
  }, LIMIT_MS);
  signal.addEventListener('abort', finish);
  return state;
}
