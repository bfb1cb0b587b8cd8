import { expect, it } from 'vitest';
import { KmsgInput } from '../../src/input/kmsg.ts';
import type { From } from '../../src/input/record.ts';
import { describeReal } from '../e2e/required.ts';
import { Clock, Driver, memoryLog } from '../input/follow.ts';

describeReal('the device of this machine', { kmsg: true }, () => {
  function device(from: From): Driver {
    const clock = new Clock();
    return new Driver(new KmsgInput('/dev/kmsg', from, memoryLog().log, clock, 'boot'), clock);
  }

  it('gives the records since boot, and none was lost', () => {
    const input = device('start');
    const first = input.input.step();
    expect(first.records.length).toBeGreaterThan(0);
    expect(input.input.stats).toMatchObject({ lost: 0, rejected: { malformed: 0 } });
    expect(input.input.stats.records).toBe(first.records.length);
    // Those of the kernel may have been overwritten by now: user space writes too.
    for (const { fromKernel, raw } of first.records) expect(fromKernel).toBe(/^[0-7],/.test(raw));
    expect(first.records[0]?.time()).toBeLessThanOrEqual(input.clock.ms / 1000);
  });

  it('gives nothing old from the end', () => {
    const all = device('start').poll().length;
    expect(device('end').once().length).toBeLessThan(Math.max(all, 1));
  });

  it('gives nothing old from the end either when it was missing in the life of a former process', () => {
    const all = device('start').poll().length;
    const clock = new Clock();
    const input = new KmsgInput('/dev/kmsg', 'end', memoryLog().log, clock, 'boot', { files: [] });
    expect(new Driver(input, clock).once().length).toBeLessThan(Math.max(all, 1));
  });

  it('is looked at often after a record, and seldom in silence', () => {
    const input = device('start');
    while (input.input.step().more);
    const { waitMs } = input.input.step();
    expect(waitMs).toBe(10);
    input.clock.ms += 2_000;
    let step = input.input.step();
    // Somebody may be writing to the log meanwhile.
    for (let attempt = 0; step.records.length > 0 && attempt < 100; attempt++) {
      input.clock.ms += 2_000;
      step = input.input.step();
    }
    expect(step.waitMs).toBe(100);
  });

  it('is not read twice after it was closed and opened again', () => {
    const input = device('start');
    while (input.input.step().more);
    const { records } = input.input.stats;
    input.input.close();
    const again = input.poll();
    expect(input.input.stats.records).toBe(records + again.length);
    expect(again.length).toBeLessThan(records);
    expect(input.input.stats.lost).toBe(0);
  });
});
