import { mkdirSync, mkdtempSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts';
import { loadState } from '../../src/checkpoint/state-file.ts';
import { createLog } from '../../src/log/log.ts';
import { sampleState } from './sample-state.ts';

/** Checkpoints of a number that the test sets. */
function remember() {
  const directory = mkdtempSync(join(tmpdir(), 'srcroute-checkpoints-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'state.json');
  const lines: unknown[] = [];
  const log = createLog(
    'debug',
    'json',
    (line) => void lines.push(JSON.parse(line)),
    () => 0,
  );
  const it = { number: 1, taken: 0, file, lines };
  const take = () => {
    it.taken += 1;
    return sampleState(it.number);
  };
  return Object.assign(it, { checkpoints: new Checkpoints(file, take, () => it.number, log) });
}

function saved(file: string): number | undefined {
  const loaded = loadState(file, 0);
  return loaded.outcome === 'loaded' ? loaded.state.ledger.suppressedMessages : undefined;
}

describe('a checkpoint', () => {
  it('is written at once the first time, then only when something has changed', async () => {
    const memory = remember();
    await memory.checkpoints.save();
    const { ino } = statSync(memory.file);
    for (let time = 0; time < 5; time++) await memory.checkpoints.save();
    expect(statSync(memory.file).ino).toBe(ino);
    expect({ ...memory.checkpoints.saves, taken: memory.taken }).toEqual({ success: 1, failure: 0, taken: 1 });
    memory.number = 2;
    await memory.checkpoints.save();
    expect(saved(memory.file)).toBe(2);
    expect(memory.checkpoints.saves).toEqual({ success: 2, failure: 0 });
  });

  it('that is asked for while another is written holds what is true when it is asked for', async () => {
    const memory = remember();
    const first = memory.checkpoints.save();
    await Promise.resolve();
    memory.number = 2;
    await memory.checkpoints.save();
    expect(saved(memory.file)).toBe(2);
    await first;
    expect(memory.checkpoints.saves.failure).toBe(0);
  });

  it('is never written twice at the same time', async () => {
    const memory = remember();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        memory.number = index;
        return memory.checkpoints.save();
      }),
    );
    memory.number = 20;
    await Promise.all([memory.checkpoints.save(), memory.checkpoints.save(), memory.checkpoints.save()]);
    expect(saved(memory.file)).toBe(20);
    expect(memory.checkpoints.saves.failure).toBe(0);
  });

  it('that fails is counted each time, said once, and tried again', async () => {
    const memory = remember();
    await memory.checkpoints.save();
    // In the way of what is written first.
    mkdirSync(`${memory.file}.new`);
    for (memory.number = 2; memory.number <= 5; memory.number++) await memory.checkpoints.save();
    expect(memory.checkpoints.saves).toEqual({ success: 1, failure: 4 });
    expect(memory.lines).toEqual([
      {
        ...{ time: '1970-01-01T00:00:00.000Z', level: 'error', file: memory.file, error: 'EISDIR' },
        msg: 'Cannot save state: what is counted from now on would be lost or counted again after a crash',
      },
    ]);
    expect(saved(memory.file)).toBe(1);

    rmdirSync(`${memory.file}.new`);
    await memory.checkpoints.save();
    expect(saved(memory.file)).toBe(memory.number);
    expect(memory.checkpoints.saves).toEqual({ success: 2, failure: 4 });
    expect(memory.lines.slice(1)).toEqual([
      { time: '1970-01-01T00:00:00.000Z', level: 'info', msg: 'State is saved again', file: memory.file },
    ]);
  });

  it('that failed is tried again also when nothing more has changed', async () => {
    const memory = remember();
    mkdirSync(`${memory.file}.new`);
    await memory.checkpoints.save();
    rmdirSync(`${memory.file}.new`);
    await memory.checkpoints.save();
    expect(saved(memory.file)).toBe(1);
  });

  it('says it again when it fails for another reason', async () => {
    const memory = remember();
    mkdirSync(`${memory.file}.new`);
    await memory.checkpoints.save();
    rmSync(join(memory.file, '..'), { recursive: true });
    await memory.checkpoints.save();
    expect(memory.lines).toMatchObject([{ error: 'EISDIR' }, { error: 'ENOENT' }]);
  });
});
