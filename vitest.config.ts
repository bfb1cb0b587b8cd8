import { defineConfig } from 'vitest/config';

// Golden expositions hold local time stamps of RFC 3164.
process.env.TZ = 'UTC';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/golden/**', 'test/e2e/**'] } },
      { test: { name: 'golden', include: ['test/golden/**/*.test.ts'] } },
      // One at a time: these share the machine's kernel log, its namespaces and two cores.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
