import type { Input, InputStats, Step } from '../../src/input/record.ts';

/** An input in memory: each step is the next of a list, and after the last one there is nothing more. */
export class ScriptedInput implements Input {
  readonly name: string;
  readonly stats: InputStats;
  readonly #script: readonly (Step | Error)[];
  steps = 0;
  isClosed = false;
  #wake: (() => void) | undefined;

  constructor(name: string, stats: InputStats, script: readonly (Step | Error)[]) {
    this.name = name;
    this.stats = stats;
    this.#script = script;
  }

  /** All of the list was handed on. */
  get isIdle(): boolean {
    return this.steps >= this.#script.length;
  }

  step(): Step {
    const next = this.#script[this.steps] ?? { records: [], more: false, waitMs: 60_000 };
    this.steps += 1;
    if (next instanceof Error) throw next;
    return next;
  }

  onWake(wake: () => void): void {
    this.#wake = wake;
  }

  /** Wakes whoever waits; false if nobody does. */
  wake(): boolean {
    this.#wake?.();
    return this.#wake !== undefined;
  }

  position(): undefined {}

  close(): void {
    this.isClosed = true;
  }
}
