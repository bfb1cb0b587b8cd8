import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { atExit } from './at-exit.mjs';

/** A process that does not outlive us. Its standard output, or with `from: 'stderr'` its standard error, is read by line. */
export class Child {
  /** Milliseconds, by the clock of `performance`. */
  spawnedAt = performance.now();
  #process;
  #exited;
  /** @type {string[]} */
  #lines = [];
  /** @type {() => void} */
  #onChange = () => {};
  #ended = false;

  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {{ from?: 'stdout' | 'stderr' }} [options]
   */
  constructor(command, args, { from = 'stdout' } = {}) {
    const heard = from === 'stdout';
    this.#process = spawn(command, args, {
      stdio: ['ignore', heard ? 'pipe' : 'ignore', heard ? 'inherit' : 'pipe'],
    });
    const forget = atExit(() => this.#process.kill('SIGKILL'));
    this.#exited = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('close', (code, signal) => resolve(code ?? signal));
    }).finally(() => {
      this.#ended = true;
      this.#onChange();
      forget();
    });
    this.#exited.catch(() => {});
    const stream = this.#process[from];
    if (stream === null) throw new Error('Cannot read from the child');
    createInterface(stream).on('line', (line) => {
      this.#lines.push(line);
      this.#onChange();
    });
  }

  get pid() {
    return this.#process.pid ?? 0;
  }

  /** What it has written so far. */
  get lines() {
    return this.#lines;
  }

  /** The match of the first line, written by now or later, that has one. Rejects when it ends without. @param {RegExp} pattern */
  async line(pattern) {
    for (let read = 0; ; ) {
      while (read < this.#lines.length) {
        const match = pattern.exec(this.#lines[read++] ?? '');
        if (match !== null) return match;
      }
      if (this.#ended) throw new Error(`It ended without a word of ${pattern}: ${this.#lines.join(' / ')}`);
      await new Promise((resolve) => {
        this.#onChange = () => resolve(undefined);
      });
    }
  }

  /** Its exit code, or the signal that ended it. */
  exited() {
    return this.#exited;
  }

  /** Its last line as JSON, once it has ended. */
  async json() {
    const code = await this.#exited;
    if (code !== 0) throw new Error(`A helper ended with ${code}`);
    return JSON.parse(this.#lines.at(-1) ?? 'null');
  }

  /** Asks it to end, and makes it end after 5 s. */
  async stop() {
    if (!this.#ended) this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 5_000);
    await this.#exited;
    clearTimeout(timer);
  }
}
