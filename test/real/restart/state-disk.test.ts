import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventLine } from '../../e2e/event-lines.ts';
import { Exporter } from '../../e2e/exporter.ts';
import { describeReal } from '../../e2e/required.ts';
import { type Cleanup, Cleanups, makeDirectory, run } from '../../e2e/tools.ts';
import { until } from '../../e2e/until.ts';

const saves = (exporter: Exporter, outcome: string) => exporter.value('srcroute_state_saves_total', { outcome });

describeReal('a disk for the state that is', { root: true, commands: ['mount', 'umount'] }, () => {
  /** A small file system of its own. */
  function mountSmall(cleanup: Cleanup): string {
    const directory = makeDirectory(cleanup);
    run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory]);
    cleanup(() => void run('umount', [directory]));
    return directory;
  }

  it.each([
    {
      what: 'full',
      error: 'ENOSPC',
      fail: (directory: string) => {
        // To the last byte.
        for (const bytes of [60 * 1024, 4 * 1024, 4 * 1024, 4 * 1024]) {
          try {
            writeFileSync(join(directory, `filler-${Math.random()}`), 'x'.repeat(bytes));
          } catch {}
        }
      },
      mend: (directory: string) => {
        for (const name of readdirSync(directory)) if (name.startsWith('filler')) rmSync(join(directory, name));
      },
    },
    {
      what: 'read-only',
      error: 'EROFS',
      fail: (directory: string) => void run('mount', ['-o', 'remount,ro', directory]),
      mend: (directory: string) => void run('mount', ['-o', 'remount,rw', directory]),
    },
  ])(
    '$what does not stop it: it says so once, counts on, and goes on saving when it can',
    async ({ error, fail, mend }) => {
      const cleanups = new Cleanups();
      try {
        const directory = mountSmall(cleanups.add);
        const log = join(makeDirectory(cleanups.add), 'kern.log');
        writeFileSync(log, '');
        const flags = [`--input.file=${log}`, `--state.file=${join(directory, 'state.json')}`, '--state.interval=50ms'];
        const exporter = await Exporter.start(flags, { cleanup: cleanups.add });
        await exporter.until('it is saved', (samples) => samples.sum('srcroute_state_saves_total') === 1);
        fail(directory);
        let written = 0;
        const count = async () => {
          written += 1;
          appendFileSync(log, eventLine('198.51.100.1'));
          await exporter.until('it counts', (samples) => samples.sum('srcroute_events_total') === written);
        };
        for (let failures = 1; failures <= 5; failures++) {
          await count();
          await until('it has failed again', async () => ((await saves(exporter, 'failure')) ?? 0) >= failures);
        }
        expect(exporter.stderr.match(/level=error msg="Cannot save state[^\n]*/g)).toHaveLength(1);
        expect(exporter.stderr).toContain(`error=${error}`);
        expect((await exporter.get('/-/ready')).status).toBe(200);

        mend(directory);
        await until('it is saved again', () => exporter.stderr.includes('State is saved again'));
        expect(await saves(exporter, 'success')).toBe(2);
        await exporter.kill();
        const next = await Exporter.start(flags, { cleanup: cleanups.add });
        await next.until('all is counted', (samples) => samples.sum('srcroute_events_total') === written);
      } finally {
        await cleanups.run();
      }
    },
  );

  it('full or read-only from the start does not keep it from starting', async () => {
    const cleanups = new Cleanups();
    try {
      const directory = mountSmall(cleanups.add);
      run('mount', ['-o', 'remount,ro', directory]);
      const log = join(makeDirectory(cleanups.add), 'kern.log');
      writeFileSync(log, '');
      const flags = [`--input.file=${log}`, `--state.file=${join(directory, 'state.json')}`];
      const exporter = await Exporter.start(flags, { cleanup: cleanups.add });
      await exporter.until('it serves', (samples) => samples.sum('srcroute_log_up') === 1);
      expect(await saves(exporter, 'failure')).toBeGreaterThan(0);
      expect(await exporter.stop()).toMatchObject({ code: 0 });
    } finally {
      await cleanups.run();
    }
  });
});
