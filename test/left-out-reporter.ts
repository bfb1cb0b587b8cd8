import type { Reporter, TestModule } from 'vitest/node';
import { TEST_RUN } from './test-run.ts';

/** Says in one line at the end how many tests `npm test` leaves to `npm run test:real`. */
export class LeftOutReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (TEST_RUN !== 'quick') return;
    const real = modules.filter(({ project }) => project.name === 'real');
    const leftOut = real.reduce((sum, { children }) => sum + [...children.allTests('skipped')].length, 0);
    if (leftOut > 0) console.log(`${leftOut} tests of the real kernel not run: npm run test:real\n`);
  }
}
