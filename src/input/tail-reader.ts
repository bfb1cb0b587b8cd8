import type { EventEmitter } from 'node:events';
import { Tail } from 'tail';

/** What the package has and its types do not tell. */
type OpenTail = Tail & EventEmitter & { currentCursorPos: number; watcher?: EventEmitter };

/**
 * Delivers what is appended to an open file, as it comes, by the package `tail`. Given the descriptor's own path, tail stays with
 * the file whatever happens to its name; without a separator it hands over bytes as they are. It cannot be trusted to notice
 * truncation, nor to go on after an error: its reader checks each chunk, drops it when in doubt, and polls all the same.
 */
export class TailReader {
  #position: number;
  readonly #tail: OpenTail;

  /** Takes the descriptor, what is called with each chunk (where it begins, and its bytes, one character each), and what is called when tail cannot go on. Throws when tail cannot begin. */
  constructor(fd: number, onChunk: (position: number, chunk: string) => void, onFailure: () => void) {
    this.#tail = new Tail(`/proc/self/fd/${fd}`, {
      separator: null,
      encoding: 'latin1',
      follow: false,
      fromBeginning: false,
    }) as OpenTail;
    this.#position = this.#tail.currentCursorPos;
    this.#tail.on('line', (chunk: string) => {
      this.#position += chunk.length;
      onChunk(this.#position - chunk.length, chunk);
    });
    this.#tail.on('error', onFailure);
    // tail does not listen to its watcher's errors, and nobody listening would end the process.
    this.#tail.watcher?.on('error', onFailure);
  }

  /** Where the next chunk begins, in bytes, as far as tail can be believed. */
  get position(): number {
    return this.#position;
  }

  /** Stops it. A read that is under way ends unheard. */
  close(): void {
    this.#tail.removeAllListeners();
    this.#tail.on('error', () => {});
    this.#tail.unwatch();
  }
}
