import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { FileInput } from '../../src/input/file.ts';
import { type From, type Input, newInputStats } from '../../src/input/record.ts';
import { createLog, type Log } from '../../src/log/log.ts';

/** A temporary directory that is removed when the running test ends. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'srcroute-input-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A clock that stands until it is told to go on: milliseconds since the epoch. */
export class Clock {
  ms = Date.parse('2026-11-22T12:00:00Z');
  readonly now = () => this.ms;
  readonly monotonic = () => this.ms / 1000 - 1_000_000;
}

/** A log, and the lines that were written to it without their time. */
export function memoryLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line.trimEnd().replace(/^time=\S+ /, ''));
  };
  return { log: createLog('debug', 'logfmt', write, () => 0), lines };
}

/** An input that is stepped by hand, and all it brought. */
export class Driver {
  readonly input: Input;
  readonly clock: Clock;
  readonly read: string[] = [];
  trouble: string | undefined;

  constructor(input: Input, clock: Clock) {
    this.input = input;
    this.clock = clock;
    onTestFinished(() => input.close());
  }

  /** What one step brings. */
  once(): string[] {
    const { records, trouble } = this.input.step();
    this.trouble = trouble;
    const messages = records.map(({ message }) => message);
    for (const message of messages) this.read.push(message);
    return messages;
  }

  /** Lets time pass, then steps until there is no more; gives what that brought. */
  after(milliseconds: number): string[] {
    this.clock.ms += milliseconds;
    const messages: string[] = [];
    for (let more = true; more; ) {
      const step = this.input.step();
      this.trouble = step.trouble;
      for (const { message } of step.records) messages.push(message);
      more = step.more;
    }
    for (const message of messages) this.read.push(message);
    return messages;
  }

  /** The next two polls: the second one finds what inotify should have told of and did not. */
  poll(): string[] {
    return [...this.after(250), ...this.after(250)];
  }
}

/** Follows a file whose every line is a record. */
export function follow(path: string, from: From): Driver & { readonly lines: string[] } {
  const clock = new Clock();
  const { log, lines } = memoryLog();
  const stats = newInputStats();
  const input = new FileInput(
    path,
    stats,
    from,
    {
      read(text, start, end) {
        stats.records += 1;
        const line = text.slice(start, end);
        return { message: line, fromKernel: true, time: () => undefined, repeat: 1, raw: line };
      },
      follow() {},
      lastTime: () => undefined,
    },
    log,
    clock.now,
  );
  return Object.assign(new Driver(input, clock), { lines });
}

/** Waits for a condition that only the system can bring about. */
export async function until(condition: () => boolean, milliseconds = 60_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Waited ${milliseconds} ms in vain for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
