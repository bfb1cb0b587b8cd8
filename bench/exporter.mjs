import { fileURLToPath } from 'node:url';
import { Child } from './child.mjs';

export const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** The built program as a process, on a port of its own. */
export class Exporter {
  #child;
  /** Where it serves. */
  origin = '';
  /** Milliseconds from spawn to the line that says so. */
  startMs = 0;

  /** @param {readonly string[]} args */
  constructor(args) {
    this.#child = new Child(process.execPath, [MAIN, '--web.listen-address=127.0.0.1:0', ...args], { from: 'stderr' });
  }

  /** Starts it and waits until it listens. @param {readonly string[]} args */
  static async start(...args) {
    const exporter = new Exporter(args);
    const [, address] = await exporter.#child.line(/ msg=Listening address=(\S+)/);
    exporter.startMs = performance.now() - exporter.#child.spawnedAt;
    exporter.origin = `http://${address}`;
    return exporter;
  }

  get pid() {
    return this.#child.pid;
  }

  /** When it was spawned: milliseconds, by the clock of `performance`. */
  get spawnedAt() {
    return this.#child.spawnedAt;
  }

  /** The exposition. */
  async scrape() {
    return await (await fetch(`${this.origin}/metrics`)).text();
  }

  /** Sum of a metric over all its series, at a scrape made now. @param {string} name */
  async sum(name) {
    return sumOf(await this.scrape(), name);
  }

  /** Scrapes until a metric's sum is what it is to be; gives the sum, which is less after `patienceMs` without a change. @param {string} name @param {number} expected */
  async reach(name, expected, patienceMs = 3_000) {
    let last = -1;
    for (let changedAt = performance.now(); ; ) {
      const sum = await this.sum(name);
      if (sum >= expected || performance.now() > changedAt + patienceMs) return sum;
      if (sum !== last) changedAt = performance.now();
      last = sum;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  stop() {
    return this.#child.stop();
  }
}

/** @param {string} exposition @param {string} name */
export function sumOf(exposition, name) {
  return exposition
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** How many series an exposition has. @param {string} exposition */
export function seriesOf(exposition) {
  return exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}
