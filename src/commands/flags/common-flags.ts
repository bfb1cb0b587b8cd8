import type { Flag } from './flags.ts';

/** What every command understands. */
export const COMMON_FLAGS = [
  { name: 'version', type: 'switch', default: false, help: 'Show the version and exit.' },
  { name: 'help', type: 'switch', default: false, help: 'Show this help and exit.' },
] as const satisfies readonly Flag[];
