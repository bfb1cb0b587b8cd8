/** A run of the tests: `npm test`, `npm run test:real` or `npm run test:long`. */
type TestRun = 'quick' | 'real' | 'long';

/** The run that this process is part of. */
export const TEST_RUN = readRun(process.env.SRCROUTE_TESTS ?? 'quick');

/** Chooses how much a test does in the run: the same test with more rounds, bytes or seeds. */
export function sized<T>(sizes: Readonly<Record<TestRun, T>>): T {
  return sizes[TEST_RUN];
}

function readRun(text: string): TestRun {
  if (text === 'quick' || text === 'real' || text === 'long') return text;
  throw new Error(`SRCROUTE_TESTS is "${text}": expected quick, real or long`);
}
