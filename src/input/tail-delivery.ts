import type { Log } from '../log/log.ts';
import type { FollowedFile } from './followed-file.ts';
import { TailReader } from './tail-reader.ts';

/** After tail let us down (no inotify watch left, a network file system), polling does alone for so long. */
const RETRY_MS = 10_000;

/**
 * What is appended to the followed file, as tail brings it. It is believed only where it can be checked: when in doubt it is dropped, and
 * the descriptor is read.
 */
export class TailDelivery {
  readonly #log: Log;
  readonly #now: () => number;
  readonly #patienceMs: number;
  #tail: TailReader | undefined;
  #retryAt = 0;
  /** What came since the last step: the position moves in steps only. */
  #arrived: { position: number; chunk: string }[] = [];
  /** Where the position was when it last moved, and when that was. */
  #moved = { offset: 0, at: 0 };

  /** Takes the log, the clock (milliseconds since the epoch), and for how many milliseconds unread bytes may lie behind a position at rest. */
  constructor(log: Log, now: () => number, patienceMs: number) {
    this.#log = log;
    this.#now = now;
    this.#patienceMs = patienceMs;
  }

  get isOn(): boolean {
    return this.#tail !== undefined;
  }

  /** Begins at the end of a file that is read so far; takes what to call when something came. Does nothing while tail is not to be trusted. */
  start(file: FollowedFile, wake: () => void): void {
    if (this.#tail !== undefined || this.#now() < this.#retryAt) return;
    try {
      this.#tail = new TailReader(
        file.fd,
        (position, chunk) => {
          this.#arrived.push({ position, chunk });
          wake();
        },
        () => this.#giveUp(),
      );
    } catch (error) {
      this.#log.debug('Cannot watch log, polling it', { error: String(error) });
      this.#giveUp();
      return;
    }
    this.#moved = { offset: file.offset, at: this.#now() };
    while (file.readChunk(this.#tail.position));
  }

  /** Hands what came to the file; drops tail if it is not what follows. */
  take(file: FollowedFile): void {
    for (const { position, chunk } of this.#arrived) {
      if (position !== file.offset || (file.unread() ?? 0) < chunk.length || !file.isIntact()) {
        this.drop();
        return;
      }
      file.accept(chunk);
    }
    this.#arrived = [];
    if (this.#isDeaf(file)) this.#giveUp();
  }

  /** Stops. What came and was not taken is read again from the descriptor. */
  drop(): void {
    this.#tail?.close();
    this.#tail = undefined;
    this.#arrived = [];
  }

  /** Unread bytes behind a position at rest: no event came for them. */
  #isDeaf(file: FollowedFile): boolean {
    const now = this.#now();
    if (this.#moved.offset !== file.offset || file.unread() === 0) this.#moved = { offset: file.offset, at: now };
    return this.#tail !== undefined && now >= this.#moved.at + this.#patienceMs;
  }

  #giveUp(): void {
    this.drop();
    this.#retryAt = this.#now() + RETRY_MS;
  }
}
