import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KmsgFifo } from '../../src/input/kmsg-fifo.ts';
import { newInputStats } from '../../src/input/record.ts';
import { Clock, Driver, follow, makeDirectory } from './follow.ts';

type Call = 'fstatSync' | 'readSync' | 'closeSync';

/** Which call of which kind fails: the first is 1; and how many were made. */
const failing = vi.hoisted(() => ({ call: '', at: 0, made: 0 }));

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs')>();
  const failingCall =
    (name: Call) =>
    (...args: unknown[]) => {
      const isHit = failing.call === name && ++failing.made === failing.at;
      if (!isHit) return (real[name] as (...all: unknown[]) => unknown)(...args);
      // close(2) releases the descriptor also when it reports an error.
      if (name === 'closeSync') real.closeSync(args[0] as number);
      throw Object.assign(new Error(`EIO: i/o error, ${name}`), { code: 'EIO' });
    };
  return {
    ...real,
    fstatSync: failingCall('fstatSync'),
    readSync: failingCall('readSync'),
    closeSync: failingCall('closeSync'),
  };
});

function fail(call: Call | '', at: number): void {
  Object.assign(failing, { call, at, made: 0 });
}
afterEach(() => fail('', 0));

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `${from + i}`);
const text = (from: number, to: number) => numbers(from, to).join('\n').concat('\n');

/**
 * A log that grows, is rotated, truncated, deleted and made again, with steps after each, while one call fails. Gives the records that were
 * handed on, sorted, and how many such calls were made.
 */
function life(call: Call, at: number): { read: string[]; made: number } {
  const path = `${makeDirectory()}/kern.log`;
  fail(call, at);
  writeFileSync(path, text(1, 10));
  const log = follow(path, 'start');
  const acts: (() => void)[] = [
    () => appendFileSync(path, text(11, 20)),
    () => {
      renameSync(path, `${path}.1`);
      writeFileSync(path, text(21, 30));
    },
    () => appendFileSync(`${path}.1`, text(31, 40)),
    () => appendFileSync(path, text(41, 50)),
    () => truncateSync(path),
    () => appendFileSync(path, text(51, 60)),
    () => rmSync(path),
    () => writeFileSync(path, text(61, 70)),
  ];
  for (const act of acts) {
    log.poll();
    // What is truncated or deleted must have been read: a step that failed reads it in the next.
    log.poll();
    act();
    log.input.position();
  }
  // Longer than a file that lost its name is read on.
  for (let polls = 0; polls < 4; polls++) log.after(6_000);
  const { made } = failing;
  fail('', 0);
  log.poll();
  expect(log.trouble).toBeUndefined();
  expect(log.input.stats).toMatchObject({ records: 70, unreadBytes: 0, rejected: { malformed: 0 } });
  return { read: log.read.toSorted((a, b) => Number(a) - Number(b)), made };
}

describe('FileInput', () => {
  it.each<Call>(['fstatSync', 'readSync', 'closeSync'])(
    'hands on each record once, whichever call of %s fails',
    (call) => {
      const { made } = life(call, 0);
      expect(made).toBeGreaterThan(3);
      for (let at = 1; at <= made; at++)
        expect({ at, read: life(call, at).read }).toEqual({ at, read: numbers(1, 70) });
    },
  );

  it('hands on what it counted in the same step, whichever fstat fails', () => {
    const path = `${makeDirectory()}/kern.log`;
    writeFileSync(path, text(1, 3));
    const log = follow(path, 'start');
    const { stats } = log.input;
    let unknown = 0;
    for (let at = 1; at <= 20; at++) {
      log.poll();
      appendFileSync(path, text(4, 6));
      fail('fstatSync', at);
      log.once();
      if (stats.unreadBytes === undefined) unknown += 1;
      expect({ at, handedOn: log.read.length }).toEqual({ at, handedOn: stats.records });
      fail('', 0);
    }
    expect(unknown).toBeGreaterThan(0);
  });

  it('tells its position though fstat fails: the state is saved', () => {
    const path = `${makeDirectory()}/kern.log`;
    writeFileSync(path, text(1, 3));
    const log = follow(path, 'start');
    log.poll();
    const position = log.input.position();
    fail('fstatSync', 1);
    expect(log.input.position()).toEqual(position);
    expect(failing.made).toBe(1);
    fail('fstatSync', 1);
    log.input.close();
    expect(log.input.position()).toEqual(position);
  });
});

describe('KmsgFifo', () => {
  it('hands on its batch when the closing of the pipe fails', () => {
    const path = `${makeDirectory()}/fifo`;
    execFileSync('mkfifo', [path]);
    const clock = new Clock();
    const pipe = new Driver(new KmsgFifo(path, newInputStats(), clock.now), clock);
    pipe.once();
    const writer = openSync(path, 'w');
    writeSync(writer, '6,1,1000,-;one\n6,2,2000,-;two\n');
    closeSync(writer);
    rmSync(path);
    fail('closeSync', 1);
    expect(pipe.once()).toEqual(['one', 'two']);
    expect(pipe.trouble).toBeDefined();
    expect(pipe.input.stats.records).toBe(2);
  });
});
