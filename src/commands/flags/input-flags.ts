import type { Flag } from './flags.ts';

/** Which log is read. */
export const INPUT_FLAGS = [
  {
    name: 'input.kmsg',
    type: 'text',
    default: '/dev/kmsg',
    value: 'PATH',
    help: 'The kernel log device, or a capture or a FIFO in the same form.',
  },
  {
    name: 'input.file',
    type: 'list',
    default: [],
    value: 'PATH',
    help: 'Follow this syslog file instead of the device; globs are expanded, also later. Repeatable.',
  },
] as const satisfies readonly Flag[];
