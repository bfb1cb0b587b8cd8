import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { TEST_RUN } from './test-run.ts';

/**
 * The seed of everything that is made up. The same in each run, so that no day is redder than another; another in each run of
 * `npm run test:long`, whose failures name it. SRCROUTE_SEED asks for one.
 */
export const SEED = Number(process.env.SRCROUTE_SEED ?? (TEST_RUN === 'long' ? randomInt(2 ** 31) : 1));

fc.configureGlobal({ seed: SEED });
