import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { EVENTS } from './messages.mjs';
import { random } from './random.mjs';
import { syslogLine } from './syslog-lines.mjs';

const TICK_MS = 10;
const HOSTS = 65_536;
const KINDS = Object.values(EVENTS);

/** A kernel log to which so many events a second are appended, of the kinds in turn, and which is rotated the way logrotate does by default. */
export class RotatedLog {
  /** Events appended so far, one a line. */
  written = 0;
  rotations = 0;
  #path;
  #fd;
  #timer;
  #below = random(1);

  /** @param {string} path @param {number} eventsPerSecond */
  constructor(path, eventsPerSecond) {
    this.#path = path;
    this.#fd = openSync(path, 'a');
    const start = performance.now();
    // By the clock and not by the tick: one that comes late appends what is due.
    this.#timer = setInterval(() => {
      this.#append(Math.floor(((performance.now() - start) / 1000) * eventsPerSecond));
    }, TICK_MS);
  }

  /** Renames the log, keeps one that was renamed before, and goes on in a new file. */
  rotate() {
    rmSync(`${this.#path}.2`, { force: true });
    if (this.rotations > 0) renameSync(`${this.#path}.1`, `${this.#path}.2`);
    renameSync(this.#path, `${this.#path}.1`);
    closeSync(this.#fd);
    this.#fd = openSync(this.#path, 'a');
    this.rotations += 1;
  }

  /** Appends no more. */
  end() {
    clearInterval(this.#timer);
    closeSync(this.#fd);
  }

  /** @param {number} due */
  #append(due) {
    let text = '';
    for (; this.written < due; this.written += 1) {
      const message = KINDS[this.written % KINDS.length]?.(this.#below(HOSTS)) ?? '';
      text += syslogLine(message, this.written);
    }
    const bytes = Buffer.from(text, 'latin1');
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
  }
}
