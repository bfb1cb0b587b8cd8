import type { State } from '../../src/checkpoint/state.ts';

/** A state that says which one it is. What a ledger keeps is the ledger's affair: here it is just data. */
export function sampleState(number: number): State {
  return {
    ledger: { suppressedMessages: number, savedAt: 1_795_348_800, events: {} },
    inputs: {
      '/dev/kmsg': {
        position: { boot: '5e25ee33-4f1d-4a5c-9a0e-0a3ef3bbd9c1', sequence: number },
        stats: {
          records: number,
          lost: 0,
          reopens: 0,
          rejected: { userspace: 0, malformed: 0, oversize: 0, unrecognised: 0 },
          lastRecord: undefined,
        },
      },
    },
  };
}
