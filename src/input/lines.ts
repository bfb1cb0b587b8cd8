/** A longer line is skipped whole and counted, in bytes: no log's own limit is near it. */
export const MAX_LINE_BYTES = 64 * 1024;

/** Splits bytes into lines. Holds at most one unfinished line, of at most MAX_LINE_BYTES. */
export class Lines {
  #partial = '';
  #skipping = false;
  #unfinished = 0;
  readonly #onLine: (line: string) => void;
  readonly #onOversize: () => void;

  /** Takes what is called with each line without its end (LF or CRLF), and what is called for each line that was too long. */
  constructor(onLine: (line: string) => void, onOversize: () => void) {
    this.#onLine = onLine;
    this.#onOversize = onOversize;
  }

  /** Bytes since the last line's end. */
  get unfinishedBytes(): number {
    return this.#unfinished;
  }

  /** Takes the next bytes of the log, one character a byte. */
  push(chunk: string): void {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      this.#finish(chunk.slice(start, end));
      start = end + 1;
    }
    this.#keep(chunk.slice(start));
  }

  /** Forgets the unfinished line: its end will never come. */
  reset(): void {
    this.#partial = '';
    this.#skipping = false;
    this.#unfinished = 0;
  }

  #finish(end: string): void {
    this.#keep(end);
    if (this.#skipping) this.#onOversize();
    else this.#onLine(this.#partial.endsWith('\r') ? this.#partial.slice(0, -1) : this.#partial);
    this.reset();
  }

  #keep(piece: string): void {
    this.#unfinished += piece.length;
    if (this.#skipping) return;
    if (this.#partial.length + piece.length > MAX_LINE_BYTES) {
      this.#partial = '';
      this.#skipping = true;
    } else {
      this.#partial += piece;
    }
  }
}
