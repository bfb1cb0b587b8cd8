import type { WebConfig } from './web-config.ts';

/** Milliseconds between two looks at the files. */
const LOOK_EVERY = 1_000;

/**
 * Takes the files, what holds the configuration in force and can read it again, and a clock in milliseconds. Returns what
 * gives the configuration in force, and has it read again first when a file has changed: a look at most every second, and
 * none while nobody asks.
 */
export function followWebConfig(
  files: { changed(): boolean },
  config: { readonly current: WebConfig; reload(): void },
  clock: () => number,
): () => WebConfig {
  let nextLook = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock();
    if (now >= nextLook) {
      nextLook = now + LOOK_EVERY;
      if (files.changed()) config.reload();
    }
    return config.current;
  };
}
