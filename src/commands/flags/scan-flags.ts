import { COMMON_FLAGS } from './common-flags.ts';
import { EVENT_FLAGS } from './event-flags.ts';
import type { Flag } from './flags.ts';

/** The flags of `scan`, in the order of the help. */
export const SCAN_FLAGS = [
  {
    name: 'format',
    type: 'text',
    default: 'table',
    value: 'table|json|prometheus',
    help: 'For a person, for a program, or what the exporter would show.',
  },
  {
    name: 'top',
    type: 'text',
    default: '10',
    value: 'N',
    help: 'Sources and subnets shown per event in table and json. 0 to 10000.',
  },
  {
    name: 'explain',
    type: 'switch',
    default: false,
    help: 'Before the table, say of each line that looks like an event which rule matched or why it was refused.',
  },
  ...EVENT_FLAGS,
  {
    name: 'path.procfs',
    type: 'text',
    value: 'PATH',
    help: 'Where procfs of the logs\' own host is mounted: its addresses count as origin="local". Without it no address is local.',
  },
  ...COMMON_FLAGS,
] as const satisfies readonly Flag[];
