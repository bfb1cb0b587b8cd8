import { DefaultReporter, type TestModule } from 'vitest/node';
import { TEST_RUN } from './test-run.ts';

/** Instead of a line for each file that `npm test` leaves out, one at the end: how many tests, and how to run them. */
export class LeftOutReporter extends DefaultReporter {
  override onTestRunEnd(...[modules, ...more]: Parameters<DefaultReporter['onTestRunEnd']>): void {
    super.onTestRunEnd(modules, ...more);
    const tests = modules.filter(isLeftOut).flatMap(({ children }) => [...children.allTests('skipped')]);
    if (tests.length > 0) this.log(`${tests.length} tests of the real kernel not run: npm run test:real\n`);
  }

  protected override printTestModule(module: TestModule): void {
    if (!isLeftOut(module)) super.printTestModule(module);
  }
}

function isLeftOut(module: TestModule): boolean {
  return TEST_RUN === 'quick' && module.project.name === 'real' && module.ok();
}
