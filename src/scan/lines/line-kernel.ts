import { FINGERPRINT_BYTES, fingerprint } from './fingerprint.ts';
import { LINE_KERNEL_CODE } from './line-kernel-code.ts';

/** Where things are in the kernel's memory: see line-kernel.wat. */
const LINE_START = 0;
const LINE_TEMPLATE = 4;
const LAST_TEMPLATE = 8;
const TEMPLATES = 12;
const NEXT_SEQUENCE = 16;
const LINE_HOLDS = 24;
const WORD_COUNT = 28;
const FINGERPRINTS = 64;
const FIRST_TEMPLATE = 1024;
const TEMPLATE_BYTES = 160;
const WORDS = 3584;
const WORD_BYTES = 16;
const TEXT = 8192;

/** A longer beginning of a line is not compared. */
const MAX_HEADER = 64;
const MAX_TEMPLATES = 16;
const GROUPS = 8;
const MEMORY_BYTES = 8 * 65_536;
/** The kernel reads so far beyond the text. */
const PADDING = 128;

const LINE_FEED = 10;
const DIGIT = { least: 48, more: 9 };
const HOST = { least: 33, more: 93 };
const ANY = { least: 0, more: 255 };

/** Known to Node.js, not to its types without those of a browser. */
declare const WebAssembly:
  | undefined
  | { Module: new (code: Uint8Array) => object; Instance: new (module: object) => { exports: unknown } };

/** How a form of lines begins, by example. Positions are in bytes from the start of the line. */
export interface Template {
  readonly header: string;
  /** Where printable ASCII may stand instead. */
  readonly host: readonly [number, number] | undefined;
  /** The number that must be one more than that of the line before. */
  readonly sequence: readonly [number, number] | undefined;
}

/**
 * Passes over what is not worth a look in a text of many lines: lines that begin like one that was seen before and may hold none of some
 * words. Written in WebAssembly for its vectors; where these are not to be had, every line is worth a look.
 */
export class LineKernel {
  /** The memory that texts are put into, from `textStart` to before `textEnd`. */
  readonly bytes: Buffer;
  readonly textStart = TEXT;
  readonly textEnd: number;
  readonly #next: (start: number, to: number) => number;
  readonly #numbers: Int32Array;
  readonly #sequences: BigInt64Array;
  /** Index of the template that is replaced next. */
  #oldest = 0;

  /** Takes the words, none with a line feed, one character a byte, and whether to do without WebAssembly. */
  constructor(words: readonly string[], plain = false) {
    const compiled = plain ? undefined : compile();
    this.bytes = compiled === undefined ? Buffer.alloc(MEMORY_BYTES) : Buffer.from(compiled.memory.buffer);
    this.#next = compiled?.next ?? ((start, to) => this.#everyLine(start, to));
    this.textEnd = this.bytes.length - PADDING;
    this.#numbers = new Int32Array(this.bytes.buffer, 0, TEXT / 4);
    this.#sequences = new BigInt64Array(this.bytes.buffer, 0, TEXT / 8);
    this.#sequences[NEXT_SEQUENCE / 8] = -1n;
    this.#addWords(words);
  }

  /** Where the line begins that `next` found, or the unfinished one. */
  get lineStart(): number {
    return this.#numbers[LINE_START / 4] as number;
  }

  /** The template that the line matches, or -1. */
  get lineTemplate(): number {
    return this.#numbers[LINE_TEMPLATE / 4] as number;
  }

  /** Whether the line holds one of the words. Undefined when nobody looked. */
  get lineHolds(): boolean | undefined {
    const holds = this.#numbers[LINE_HOLDS / 4] as number;
    return holds < 0 ? undefined : holds === 1;
  }

  /** The template of the last line that matched one. */
  get lastTemplate(): number {
    return this.#numbers[LAST_TEMPLATE / 4] as number;
  }

  /** Takes the sequence number that must come next. */
  expectSequence(next: number): void {
    this.#sequences[NEXT_SEQUENCE / 8] = BigInt(next);
  }

  /** The sequence number that must come next; -1 before the first. */
  get nextSequence(): number {
    return Number(this.#sequences[NEXT_SEQUENCE / 8]);
  }

  /** Takes where a line begins and where the text ends; gives where the first line ends that is worth a look, or -1 if there is no whole one. */
  next(start: number, to: number): number {
    return this.#next(start, to);
  }

  /** Lines that matched a template and were passed over since this was last asked. */
  takePassed(template: number): number {
    const index = this.#at(template) / 4 + 33;
    const passed = this.#numbers[index] as number;
    this.#numbers[index] = 0;
    return passed;
  }

  /** Which template the next one that is added replaces. */
  get place(): number {
    return this.#oldest;
  }

  /** Adds a template; false if it is too long to be one. */
  add({ header, host, sequence }: Template): boolean {
    if (header.length > MAX_HEADER) return false;
    const at = this.#at(this.#oldest);
    for (let i = 0; i < MAX_HEADER; i++) {
      const { least, more } = rangeOf(header, i, host);
      this.bytes[at + i] = least;
      this.bytes[at + MAX_HEADER + i] = more;
    }
    this.#numbers[at / 4 + 32] = Math.ceil(header.length / 16);
    this.#numbers[at / 4 + 34] = sequence?.[0] ?? 0;
    this.#numbers[at / 4 + 35] = sequence?.[1] ?? 0;
    this.#numbers[LAST_TEMPLATE / 4] = this.#oldest;
    this.#numbers[TEMPLATES / 4] = Math.max(this.#numbers[TEMPLATES / 4] as number, this.#oldest + 1);
    this.#oldest = (this.#oldest + 1) % MAX_TEMPLATES;
    return true;
  }

  #at(template: number): number {
    return FIRST_TEMPLATE + template * TEMPLATE_BYTES;
  }

  #addWords(words: readonly string[]): void {
    let end = WORDS + words.length * WORD_BYTES;
    words.forEach((word, index) => {
      const print = fingerprint(word);
      this.#addFingerprint(print, 1 << (index % GROUPS));
      // Of what there is no room for, the beginning must do.
      const kept = word.slice(0, Math.max(0, Math.floor((TEXT - end) / (words.length - index))));
      const entry = (WORDS + index * WORD_BYTES) / 4;
      this.#numbers[entry] = word.indexOf(print);
      this.#numbers[entry + 1] = this.bytes.write(kept, end, 'latin1');
      this.#numbers[entry + 2] = end;
      end += kept.length;
    });
    this.#numbers[WORD_COUNT / 4] = words.length;
  }

  #addFingerprint(bytes: string, group: number): void {
    for (let position = 0; position < FINGERPRINT_BYTES; position++) {
      const low = FINGERPRINTS + position * 32;
      const code = bytes.charCodeAt(position);
      for (let half = 0; half < 16; half++) {
        // A word that is shorter does not care for what follows.
        if (Number.isNaN(code) || (code & 15) === half) this.bytes[low + half] = (this.bytes[low + half] ?? 0) | group;
        if (Number.isNaN(code) || code >> 4 === half)
          this.bytes[low + 16 + half] = (this.bytes[low + 16 + half] ?? 0) | group;
      }
    }
  }

  #everyLine(start: number, to: number): number {
    this.#numbers[LINE_START / 4] = start;
    this.#numbers[LINE_TEMPLATE / 4] = -1;
    this.#numbers[LINE_HOLDS / 4] = -1;
    const end = start >= to ? -1 : this.bytes.indexOf(LINE_FEED, start);
    return end >= to ? -1 : end;
  }
}

function rangeOf(header: string, position: number, host: Template['host']): { least: number; more: number } {
  if (position >= header.length) return ANY;
  if (host !== undefined && position >= host[0] && position < host[1]) return HOST;
  const code = header.charCodeAt(position);
  return code >= DIGIT.least && code <= DIGIT.least + DIGIT.more ? DIGIT : { least: code, more: 0 };
}

interface Compiled {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly next: (start: number, to: number) => number;
}

/** Undefined without WebAssembly, and on a processor whose vectors it cannot use. */
function compile(): Compiled | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    const module = new WebAssembly.Module(Buffer.from(LINE_KERNEL_CODE, 'base64'));
    return new WebAssembly.Instance(module).exports as Compiled;
  } catch {
    return undefined;
  }
}
