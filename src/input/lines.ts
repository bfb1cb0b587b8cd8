/** A longer line is skipped whole and counted, in bytes: no log's own limit is near it. */
export const MAX_LINE_BYTES = 64 * 1024;

/** Takes a line as a part of a text, from start to before end, without what ends it (LF or CRLF): most lines are looked at only in passing. */
export type OnLine = (text: string, start: number, end: number) => void;

/** Splits bytes into lines. Holds at most one unfinished line, of at most MAX_LINE_BYTES. */
export class Lines {
  #partial = '';
  #skipping = false;
  #unfinished = 0;
  readonly #onLine: OnLine;
  readonly #onOversize: () => void;

  /** Takes what is called with each line, and what is called for each line that was too long. */
  constructor(onLine: OnLine, onOversize: () => void) {
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
    let end = chunk.indexOf('\n');
    if (end >= 0 && (this.#unfinished > 0 || this.#skipping)) {
      this.#finish(chunk.slice(0, end));
      start = end + 1;
      end = chunk.indexOf('\n', start);
    }
    for (; end >= 0; end = chunk.indexOf('\n', start)) {
      this.#line(chunk, start, end);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.slice(start));
  }

  /** Forgets the unfinished line, and takes what comes for the rest of one that is too long. */
  skipLine(): void {
    this.reset();
    this.#skipping = true;
  }

  /** Forgets the unfinished line: its end will never come. */
  reset(): void {
    this.#partial = '';
    this.#skipping = false;
    this.#unfinished = 0;
  }

  #line(text: string, start: number, end: number): void {
    if (end - start > MAX_LINE_BYTES) this.#onOversize();
    else this.#onLine(text, start, end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
  }

  #finish(rest: string): void {
    this.#keep(rest);
    const line = this.#partial;
    const isOversize = this.#skipping;
    this.reset();
    if (isOversize) this.#onOversize();
    else this.#line(line, 0, line.length);
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
