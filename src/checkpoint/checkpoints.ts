import type { Log } from '../log/log.ts';
import type { State } from './state.ts';
import { saveState } from './state-file.ts';

const SETTLE_TRIES = 3;

/**
 * Saves the state now and then. A failure (disk full, read-only) changes nothing but what survives a crash: it is counted, logged once, and
 * tried again.
 */
export class Checkpoints {
  /** By outcome, as in `srcroute_state_saves_total`. */
  readonly saves = { success: 0, failure: 0 };
  readonly #file: string;
  readonly #take: () => State;
  readonly #changes: () => number;
  readonly #log: Log;
  #saved: number | undefined;
  #trouble: string | undefined;
  #settled = 0;
  #running: Promise<void> | undefined;

  /** Takes the file, what takes the state as of one moment, a number that grows whenever the state changes, and the log. */
  constructor(file: string, take: () => State, changes: () => number, log: Log) {
    this.#file = file;
    this.#take = take;
    this.#changes = changes;
    this.#log = log;
  }

  /**
   * Resolves when what a crash could not bring again in the same way is saved, or cannot be saved. Takes a number that grows with it.
   */
  async settle(fleeting: () => number): Promise<void> {
    // While one is written it may grow again; then there is no end to be waited for.
    for (let tries = 0; tries < SETTLE_TRIES && fleeting() !== this.#settled; tries++) {
      await this.#running;
      const now = fleeting();
      await this.save();
      this.#settled = now;
    }
  }

  /** Saves if anything has changed since the last time; resolves when it is on the disk, or has failed. Never rejects. */
  async save(): Promise<void> {
    await this.#running;
    this.#running ??= this.#attempt().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async #attempt(): Promise<void> {
    const changes = this.#changes();
    if (changes === this.#saved) return;
    try {
      await saveState(this.#file, this.#take());
      if (this.#trouble !== undefined) this.#log.info('State is saved again', { file: this.#file });
      this.#saved = changes;
      this.#trouble = undefined;
      this.saves.success += 1;
    } catch (error) {
      const trouble = (error as NodeJS.ErrnoException).code ?? String(error);
      if (trouble !== this.#trouble) {
        this.#log.error('Cannot save state: what is counted from now on would be lost or counted again after a crash', {
          file: this.#file,
          error: trouble,
        });
      }
      this.#trouble = trouble;
      this.saves.failure += 1;
    }
  }
}
