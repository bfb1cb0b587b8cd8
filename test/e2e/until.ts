import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;
const LIMIT_MS = 60_000;

/**
 * Asks until the answer is neither false nor undefined, and gives it. Takes what is waited for, for the Error after 60 s, and the
 * question; what it throws counts as not yet.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  limitMs = LIMIT_MS,
): Promise<Exclude<T, false | undefined>> {
  const end = performance.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      last = answer;
      if (answer !== false && answer !== undefined) return answer as Exclude<T, false | undefined>;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw new Error(`Waited ${limitMs} ms in vain until ${what}`, { cause: last });
    await delay(POLL_MS);
  }
}
