/** A set of so many texts; the one that was not asked for the longest gives its place to a new one. */
export class BoundedSet {
  readonly #max: number;
  readonly #texts = new Set<string>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Whether the text is there. Asking keeps it. */
  has(text: string): boolean {
    if (!this.#texts.delete(text)) return false;
    this.#texts.add(text);
    return true;
  }

  add(text: string): void {
    this.#texts.delete(text);
    this.#texts.add(text);
    if (this.#texts.size <= this.#max) return;
    const [oldest = ''] = this.#texts;
    this.#texts.delete(oldest);
  }
}
