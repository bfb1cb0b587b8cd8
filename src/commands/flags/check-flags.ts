import { COMMON_FLAGS } from './common-flags.ts';
import type { Flag } from './flags.ts';
import { INPUT_FLAGS } from './input-flags.ts';
import { POSTURE_FLAGS } from './posture-flags.ts';

/** The flags of `check`, in the order of the help. */
export const CHECK_FLAGS = [
  {
    name: 'format',
    type: 'text',
    default: 'table',
    value: 'table|json',
    help: 'For a person or for a program.',
  },
  ...INPUT_FLAGS,
  ...POSTURE_FLAGS,
  ...COMMON_FLAGS,
] as const satisfies readonly Flag[];
