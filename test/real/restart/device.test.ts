import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Exporter, type Samples } from '../../e2e/exporter.ts';
import { setSysctl } from '../../e2e/namespace.ts';
import { describeReal } from '../../e2e/required.ts';
import { Cleanups, makeDirectory } from '../../e2e/tools.ts';

const DEVICE = { input: '/dev/kmsg' };
/** A record that looks like ours and that user space wrote: counted as rejected, exactly. */
const FORGERY = '<6>IPv4: source route option 198.51.100.90 -> 192.0.2.1';
/** More than any ring of this size holds, in records of about this many bytes. */
const PADDING = 200;

const records = (samples: Samples) => samples.value('srcroute_log_records_total', DEVICE) ?? 0;
const lost = (samples: Samples) => samples.value('srcroute_log_lost_records_total', DEVICE) ?? 0;
const forged = (samples: Samples) =>
  samples.value('srcroute_log_rejected_records_total', { ...DEVICE, reason: 'userspace' }) ?? 0;

describeReal('the device while the exporter is down', { root: true, kmsg: true }, () => {
  it('keeps records for it: as many more as were written', async () => {
    await withState(async (start) => {
      for (const number of [1, 17, 250]) {
        const before = await stop(await start());
        const { from, to } = write(Array.from({ length: number }, () => FORGERY));
        const exporter = await start();
        const after = await exporter.samples();
        // Others may write too: the kernel's own numbers tell.
        expect(forged(after) - forged(before)).toBe(number);
        expect(records(after) - records(before)).toBeGreaterThanOrEqual(to - from);
        expect(lost(after)).toBe(lost(before));
        await exporter.stop();
      }
    });
  });

  it('that was overrun: what was read and what is lost is what was written', async () => {
    await withState(async (start) => {
      const exporter = await start();
      const next = newest();
      const before = await exporter.until('all is read', (samples) => records(samples) > 0 || next === newest());
      await stop(exporter);
      const size = ringRecords();
      const { from, to } = write(
        Array.from({ length: 2 * size }, (_, index) => `<6>flood ${index} ${'.'.repeat(PADDING)}`),
      );
      expect(to - from).toBeGreaterThanOrEqual(2 * size);
      const after = await (await start()).samples();
      const end = newest();
      const accounted = records(after) + lost(after) - records(before) - lost(before);
      expect(lost(after)).toBeGreaterThan(lost(before));
      expect(accounted).toBeGreaterThanOrEqual(to - next);
      expect(accounted).toBeLessThanOrEqual(end - next);
    });
  });
});

/** Gives the samples that were left. */
async function stop(exporter: Exporter): Promise<Samples> {
  const samples = await exporter.samples();
  expect(await exporter.stop()).toMatchObject({ code: 0 });
  return samples;
}

async function withState(test: (start: () => Promise<Exporter>) => Promise<void>): Promise<void> {
  const cleanups = new Cleanups();
  try {
    // The kernel insists on the end of the line.
    setSysctl('kernel/printk_devkmsg', 'on\n', cleanups.add);
    const flags = [`--state.file=${join(makeDirectory(cleanups.add), 'state.json')}`];
    await test(async () => {
      const exporter = await Exporter.start(flags, { cleanup: cleanups.add });
      await exporter.until('the device is read', (samples) => samples.value('srcroute_log_up', DEVICE) === 1);
      return exporter;
    });
  } finally {
    await cleanups.run();
  }
}

/** One record each. Gives the sequence numbers before and after. */
function write(texts: readonly string[]): { from: number; to: number } {
  const from = newest();
  const fd = openSync('/dev/kmsg', 'w');
  try {
    for (const text of texts) writeSync(fd, `${text}\n`);
  } finally {
    closeSync(fd);
  }
  return { from, to: newest() };
}

/** The sequence numbers that the ring holds. */
function sequences(): number[] {
  const fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(16_384);
  const found: number[] = [];
  try {
    for (;;) {
      try {
        const bytes = readSync(fd, buffer, 0, buffer.length, null);
        found.push(Number(/^\d+,(\d+),/.exec(buffer.toString('latin1', 0, bytes))?.[1]));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return found;
        if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
      }
    }
  } finally {
    closeSync(fd);
  }
}

function newest(): number {
  return sequences().at(-1) ?? -1;
}

/** How many records it holds at most, if all are long. */
function ringRecords(): number {
  return Math.max(sequences().length, 2_000);
}
