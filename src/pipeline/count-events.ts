import type { KernelEvent } from '../event/event.ts';
import type { Origin } from '../event/origin.ts';
import type { Verdict } from '../event/parse-event.ts';
import { suppressedMessages } from '../event/suppressed.ts';
import { perpetual } from '../input/perpetual.ts';
import type { Input, LogRecord } from '../input/record.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../log/log.ts';

/** What the pipeline is made of, besides its input. */
export interface Stages {
  readonly parseEvent: (message: string) => Verdict;
  /** Takes a canonical address, undefined when the kernel printed none. */
  readonly originOf: (address: string | undefined) => Origin;
  readonly ledger: Ledger;
  /** Told of each event that was counted. */
  readonly onEvent: (event: KernelEvent, record: LogRecord, input: string) => void;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Seconds of a clock that never goes back. */
  readonly monotonic: () => number;
}

/** The whole program: reads an input until the signal, and counts each record under what it is. */
export async function countEvents(input: Input, stages: Stages, signal: AbortSignal): Promise<void> {
  const { parseEvent, originOf, ledger, onEvent, log, now, monotonic } = stages;
  const { stats } = input;
  for await (const records of perpetual(input, signal, log, now)) {
    const clock = monotonic();
    for (const record of records) {
      const verdict = parseEvent(record.message);
      if (verdict === undefined) {
        if (record.fromKernel) ledger.suppressedMessages += (suppressedMessages(record.message) ?? 0) * record.repeat;
      } else if (!record.fromKernel) {
        stats.rejected.userspace += record.repeat;
      } else if (verdict === 'unrecognised') {
        stats.rejected.unrecognised += record.repeat;
      } else {
        ledger.count(verdict, originOf(verdict.source), record.repeat, record.time() ?? now() / 1000, clock);
        onEvent(verdict, record, input.name);
      }
    }
  }
}
