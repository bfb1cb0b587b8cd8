import { randomInt } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventLine, eventRecord } from '../e2e/event-lines.ts';
import { Exporter, Samples } from '../e2e/exporter.ts';
import { parseExposition } from '../e2e/parse-exposition.ts';
import { killOverAndOver, type Load, ROUNDS } from '../e2e/restart/kill.ts';
import { makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

const TIMEOUT = 60_000 + ROUNDS * 10_000;
/** Files beside the log, and how many of them may come while nobody reads: fewer, or lines would go with the oldest. */
const KEPT = 12;
const ROTATIONS_UNSEEN = 8;

/** Writes a log as one writer does that is told of rotations sometimes at once and sometimes late. */
class RotatedLog implements Load {
  readonly path: string;
  readonly #line: (source: string, sequence: number) => string;
  readonly #event = 'source_route_option';
  readonly #sources = new Map<string, number>();
  #fd: number | undefined;
  #written = 0;
  #rotations = 0;
  #rotationsShown = 0;

  constructor(path: string, line: (source: string, sequence: number) => string) {
    this.path = path;
    this.#line = line;
    onTestFinished(() => this.#close());
  }

  burst(): void {
    for (let part = randomInt(1, 4); part > 0; part--) {
      this.#write(randomInt(1, 60));
      const chance = this.#rotations - this.#rotationsShown > ROTATIONS_UNSEEN ? 1 : Math.random();
      if (chance < 0.1) this.#rotate();
      if (chance < 0.03) {
        // Twice before anybody can have looked.
        this.#write(randomInt(0, 5));
        this.#rotate();
      }
    }
  }

  isBeyond(samples: Samples): boolean {
    return (
      samples.sum('srcroute_events_total', { event: this.#event }) > this.#written ||
      samples.value('srcroute_log_lost_records_total', { input: this.path }) !== 0 ||
      samples.sum('srcroute_log_rejected_records_total') !== 0
    );
  }

  toString(): string {
    return `${this.#written} in ${this.#rotations} files`;
  }

  isWhole(samples: Samples): boolean {
    const isWhole =
      samples.value('srcroute_log_records_total', { input: this.path }) === this.#written &&
      samples.sum('srcroute_events_total', { event: this.#event }) === this.#written &&
      [...this.#sources].every(
        ([source_ip, count]) =>
          samples.value('srcroute_source_events_total', { event: this.#event, source_ip }) === count,
      );
    if (isWhole) this.#rotationsShown = this.#rotations;
    return isWhole;
  }

  #write(lines: number): void {
    this.#fd ??= openSync(this.path, 'a');
    let text = '';
    for (let line = 0; line < lines; line++) {
      // Fewer than there are places, in subnets of their own: all are named, in whatever order they come.
      const source = `198.51.${randomInt(40)}.1`;
      this.#sources.set(source, (this.#sources.get(source) ?? 0) + 1);
      // As in a real log, no two lines are alike.
      text += this.#line(source, this.#written).replace('.971413', `.${String(this.#written % 1e6).padStart(6, '0')}`);
      this.#written += 1;
    }
    writeSync(this.#fd, text);
  }

  #rotate(): void {
    for (let number = KEPT; number >= 1; number--) {
      if (existsSync(`${this.path}.${number}`)) renameSync(`${this.path}.${number}`, `${this.path}.${number + 1}`);
    }
    rmSync(`${this.path}.${KEPT + 1}`, { force: true });
    if (existsSync(this.path)) renameSync(this.path, `${this.path}.1`);
    this.#rotations += 1;
    // With or without a file of the name, the writer goes on in the old one for a moment.
    if (this.#rotations % 3 === 0) writeFileSync(this.path, '');
    if (this.#rotations % 2 === 0) this.#write(randomInt(1, 20));
    this.#close();
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

describe(`killed ${ROUNDS} times`, () => {
  it.each([
    { log: 'a syslog file', flag: 'input.file', line: eventLine },
    { log: 'a file in the form of /dev/kmsg', flag: 'input.kmsg', line: eventRecord },
  ])(
    'counts each record of $log once, through rotations',
    async ({ flag, line }) => {
      const directory = makeDirectory();
      const load = new RotatedLog(join(directory, 'log'), line);
      writeFileSync(load.path, '');
      const flags = [`--${flag}=${load.path}`, `--state.file=${join(directory, 'state.json')}`];
      expect(await killOverAndOver(flags, load)).toBeGreaterThan(ROUNDS);
    },
    TIMEOUT,
  );

  it.each([
    { log: 'a syslog file', flag: 'input.file', lines: [1, 2, 3].map((n) => eventLine(`198.51.100.${n}`)) },
    {
      log: 'a file in the form of /dev/kmsg',
      flag: 'input.kmsg',
      lines: [1, 2, 3].map((n) => eventRecord(`198.51.100.${n}`, n)),
    },
  ])('counts $log from its start that came after the last checkpoint', async ({ flag, lines }) => {
    const directory = makeDirectory();
    const log = join(directory, 'log');
    const flags = [`--${flag}=${log}`, `--state.file=${join(directory, 'state.json')}`, '--state.interval=1h'];
    const all = (samples: Samples) => samples.sum('srcroute_events_total') === lines.length;
    const first = await Exporter.start(flags);
    await first.until('there is a checkpoint', (samples) => samples.sum('srcroute_state_saves_total') === 1);
    writeFileSync(log, lines.join(''));
    await first.until('the log is read', all);
    await first.kill();
    const second = await Exporter.start(flags);
    await second.until('the log is read again', all);
  });

  it.each([
    { log: 'a syslog file', flag: 'input.file', line: eventLine },
    { log: 'a file in the form of /dev/kmsg', flag: 'input.kmsg', line: eventRecord },
  ])('shows nothing of $log that is less than before while its name is missing', async ({ flag, line }) => {
    const directory = makeDirectory();
    const log = join(directory, 'log');
    const flags = [`--${flag}=${log}`, `--state.file=${join(directory, 'state.json')}`];
    writeFileSync(log, '');
    const former = await Exporter.start(flags);
    await former.until('it follows', (samples) => samples.sum('srcroute_log_up') === 1);
    await former.stop();
    // Rotated twice meanwhile, and the writer has not come back yet.
    appendFileSync(log, line('198.51.100.1', 1));
    renameSync(log, `${log}.2`);
    writeFileSync(`${log}.1`, line('198.51.100.2', 2) + line('198.51.100.3', 3));
    const exporter = await Exporter.start(flags);
    const { body } = await until('it shows anything', async () => {
      const answer = await exporter.get('/metrics');
      return answer.status === 200 ? answer : undefined;
    });
    expect(new Samples(parseExposition(body)).sum('srcroute_events_total')).toBe(3);
  });
});
