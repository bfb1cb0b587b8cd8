import type { InputPosition, InputStats } from '../input/record.ts';
import type { LedgerState } from '../ledger/ledger.ts';

/** What an input leaves to the next process. */
export interface InputState {
  readonly position?: InputPosition | undefined;
  readonly stats: Pick<InputStats, 'records' | 'lost' | 'reopens' | 'rejected' | 'lastRecord'>;
}

/**
 * What survives the process: counters and positions, of one moment. Keys of a later release are kept as they are, so that going
 * back a release and forth again loses nothing.
 */
export interface State {
  readonly ledger: LedgerState;
  /** By the input's name. */
  readonly inputs: Readonly<Record<string, InputState>>;
}
