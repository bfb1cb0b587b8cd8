import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { perpetual } from '../../src/input/perpetual.ts';
import { type LogRecord, newInputStats, type Step } from '../../src/input/record.ts';
import { Clock, memoryLog, until } from './follow.ts';
import { ScriptedInput } from './scripted-input.ts';

const record = (message: string): LogRecord => ({
  message,
  fromKernel: true,
  time: () => undefined,
  repeat: 1,
  raw: message,
});
const batch = (...messages: string[]): Step => ({ records: messages.map(record), more: true, waitMs: 60_000 });
/** Longer than any test may take. */
const idle: Step = { records: [], more: false, waitMs: 3_600_000 };

function run(script: readonly (Step | Error)[]) {
  const input = new ScriptedInput('/log', newInputStats(), script);
  const stop = new AbortController();
  const clock = new Clock();
  const { log, lines } = memoryLog();
  const read: string[][] = [];
  const ended = (async () => {
    for await (const records of perpetual(input, stop.signal, log, clock.now)) {
      read.push(records.map(({ message }) => message));
    }
  })();
  return { input, stop, clock, lines, read, ended };
}

describe('perpetual', () => {
  it('gives every batch, in order, and none that is empty', async () => {
    const { input, stop, read, ended } = run([batch('a', 'b'), batch(), batch('c'), idle]);
    await until(() => input.isIdle);
    stop.abort();
    await ended;
    expect(read).toEqual([['a', 'b'], ['c']]);
  });

  it('says once that a log is read', async () => {
    const { input, stop, lines, ended } = run([batch('a'), batch('b'), idle]);
    await until(() => input.isIdle);
    stop.abort();
    await ended;
    expect(lines).toEqual(['level=info msg="Reading log" input=/log']);
  });

  it('stops at once while it waits, and closes the input', async () => {
    const { input, stop, ended } = run([idle]);
    await until(() => input.isIdle);
    stop.abort();
    await ended;
    // It would wait for an hour.
    expect(input.isClosed).toBe(true);
  });

  it('stops in the middle of a backlog', async () => {
    const { input, stop, ended, read } = run(Array.from({ length: 10_000 }, (_, index) => batch(String(index))));
    await until(() => read.length > 3);
    stop.abort();
    await ended;
    expect(read.length).toBeLessThan(10_000);
    expect(input.isClosed).toBe(true);
  });

  it('does nothing when it is stopped before it began', async () => {
    const input = new ScriptedInput('/log', newInputStats(), [batch('a')]);
    for await (const _ of perpetual(input, AbortSignal.abort(), memoryLog().log, () => 0)) expect.fail('read');
    expect(input.steps).toBe(0);
    expect(input.isClosed).toBe(true);
  });

  it('gathers no listeners on the signal, however often it waited', async () => {
    const { input, stop, ended, read } = run([
      ...Array.from({ length: 50 }, () => ({ ...idle, waitMs: 0 })),
      batch('a'),
      idle,
    ]);
    await until(() => read.length === 1 && input.isIdle);
    expect(getEventListeners(stop.signal, 'abort').length).toBeLessThan(5);
    stop.abort();
    await ended;
  });

  it('closes the input when its consumer breaks off', async () => {
    const input = new ScriptedInput('/log', newInputStats(), [batch('a'), batch('b')]);
    for await (const _ of perpetual(input, new AbortController().signal, memoryLog().log, () => 0)) break;
    expect(input.isClosed).toBe(true);
  });

  it('looks again when the input wakes it', async () => {
    const { input, stop, read, ended } = run([idle, batch('a'), idle]);
    await until(() => input.steps === 1);
    await until(() => input.wake());
    await until(() => read.length === 1);
    stop.abort();
    await ended;
    expect(read).toEqual([['a']]);
  });

  it('keeps the heartbeat by the clock it is given, only while the log is read', async () => {
    const { input, stop, clock, ended } = run([{ ...idle, waitMs: 0 }, new Error('Cannot read /log: gone'), idle]);
    await until(() => input.steps === 2);
    expect(input.stats).toMatchObject({ up: false, lastPoll: clock.ms / 1000 });
    clock.ms += 5_000;
    await until(() => input.steps === 3);
    expect(input.stats).toMatchObject({ up: true, lastPoll: clock.ms / 1000 });
    stop.abort();
    await ended;
  });

  it('tries again, with one warning for each new reason', async () => {
    const gone: Step = { records: [], more: false, waitMs: 0, trouble: 'Cannot read /log: gone' };
    const refused: Step = { ...gone, trouble: 'Cannot read /log: refused' };
    const { input, stop, lines, ended } = run([
      gone,
      gone,
      gone,
      refused,
      refused,
      gone,
      { ...idle, waitMs: 0 },
      gone,
      idle,
    ]);
    await until(() => input.isIdle);
    stop.abort();
    await ended;
    expect(lines).toEqual([
      'level=warn msg="Cannot read /log: gone" input=/log',
      'level=warn msg="Cannot read /log: refused" input=/log',
      'level=warn msg="Cannot read /log: gone" input=/log',
      'level=info msg="Reading log" input=/log',
      'level=warn msg="Cannot read /log: gone" input=/log',
      'level=info msg="Reading log" input=/log',
    ]);
  });

  it('hands on what was read before the trouble', async () => {
    const { input, stop, read, ended } = run([{ ...batch('a'), trouble: 'Cannot read /log: gone' }, idle]);
    await until(() => input.isIdle);
    stop.abort();
    await ended;
    expect(read).toEqual([['a']]);
  });

  it('outlives an input that throws, whatever it throws', async () => {
    const { input, stop, lines, ended } = run([new Error('Cannot read /log: gone'), idle]);
    await until(() => input.isIdle);
    expect(input.stats.up).toBe(true);
    stop.abort();
    await ended;
    expect(lines[0]).toBe('level=warn msg="Cannot read /log: gone" input=/log');
  });
});
