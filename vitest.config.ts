import { defineConfig } from 'vitest/config';
import { LeftOutReporter } from './test/left-out-reporter.ts';
import { gatherTemporaryFiles, refuseUnfitMachine } from './test/machine.ts';
import { TEST_RUN } from './test/test-run.ts';

refuseUnfitMachine(import.meta.dirname);
// Elsewhere something of the machine may be mounted below it.
if (TEST_RUN === 'quick') gatherTemporaryFiles();

/** Ends a test that hangs. A slow machine never comes near it: no promise on time is tested here, `npm run bench` measures. */
const HANG_MS = 300_000;

/** What a test waits for may take so long on a busy machine. */
const POLL_MS = 60_000;

const project = (name: string, include: string, more = {}) => ({
  test: {
    name,
    include: [include],
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
    setupFiles: ['./test/surroundings.ts', './test/seed.ts'],
    expect: { poll: { timeout: POLL_MS } },
    ...more,
  },
});

export default defineConfig({
  test: {
    reporters: [new LeftOutReporter()],
    projects: [
      project('unit', 'test/**/*.test.ts', { exclude: ['test/{golden,e2e,long,real}/**'] }),
      // RFC 3164 writes local time, so the golden files of such logs hold for one zone.
      project('golden', 'test/golden/**/*.test.ts', { env: { TZ: 'UTC' } }),
      project('e2e', 'test/e2e/**/*.test.ts', { sequence: { groupOrder: 1 } }),
      project('long', 'test/long/**/*.test.ts', { sequence: { groupOrder: 1 } }),
      // One at a time: they share the kernel log, the namespaces and two cores.
      project('real', 'test/real/**/*.test.ts', {
        fileParallelism: false,
        sequence: { groupOrder: 2 },
        // To be counted and left out, one process is enough.
        isolate: TEST_RUN !== 'quick',
      }),
    ],
  },
});
