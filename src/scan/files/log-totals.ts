import type { EventKind } from '../../event/event.ts';
import type { PartResult } from '../lines/line-scanner.ts';
import { addTally, newTally, type Tally } from '../lines/tally.ts';

/** Adds the parts of one log up, in their order: what it held, besides its events. */
export class LogTotals {
  readonly tally: Tally;
  bytes = 0;
  /** Bytes after the last whole line. */
  unfinishedBytes = 0;
  /** When its last line was logged, in seconds since the epoch. */
  lastTime: number | undefined;
  #nextSequence: number | undefined;

  constructor(kinds: readonly EventKind[]) {
    this.tally = newTally(kinds);
  }

  /** Takes the next part, and how many bytes it had. */
  add({ tally, firstSequence, nextSequence, unfinishedBytes, lastTime }: PartResult, bytes: number): void {
    if (bytes === 0) return;
    addTally(this.tally, tally);
    this.bytes += bytes;
    if (firstSequence !== undefined && this.#nextSequence !== undefined) {
      this.tally.lost += Math.max(0, firstSequence - this.#nextSequence);
    }
    this.#nextSequence = nextSequence ?? this.#nextSequence;
    this.unfinishedBytes = unfinishedBytes;
    this.lastTime = lastTime;
  }
}
