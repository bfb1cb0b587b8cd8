/**
 * Finds which lines of a text hold any of some words, at the cost of one pass over the text: a log is mostly lines that have
 * nothing to do with us, and these are never cut out or parsed.
 */
export class Needles {
  readonly #pattern: RegExp;
  #text = '';
  #start = 0;
  /** Where the next needle ends. */
  #next = -1;

  /** Takes the words, none with a line feed. */
  constructor(words: readonly string[]) {
    const escaped = words.map((word) =>
      word.replace(/[^A-Za-z0-9 ]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`),
    );
    this.#pattern = new RegExp(escaped.join('|'), 'g');
  }

  /** Whether a part of a text holds one. To be asked part after part, in order. */
  areIn(text: string, start: number, end: number): boolean {
    // Two texts can be the same word for word: going back is a new text too.
    if (text !== this.#text || start < this.#start) {
      this.#text = text;
      this.#next = -1;
    }
    this.#start = start;
    if (this.#next <= start) {
      this.#pattern.lastIndex = start;
      this.#next = this.#pattern.test(text) ? this.#pattern.lastIndex : Number.POSITIVE_INFINITY;
    }
    return this.#next <= end;
  }
}
