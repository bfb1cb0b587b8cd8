import { MAX_LINE_BYTES } from '../../input/lines.ts';
import type { Form } from '../forms/form.ts';
import { FORMS } from '../forms/forms.ts';
import { formOf, type Judgement, type LineJudge, type Sighting } from './line-judge.ts';
import { LineKernel } from './line-kernel.ts';
import { newTally, type Tally } from './tally.ts';

/** So much is read at once: it is still in the processor's cache when it is looked at. */
const BLOCK_BYTES = 256 * 1024;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;

/** Stands for the header of a line that begins like one whose header matched. */
const MATCHED = /^/.exec('');

/** Who is told of lines. */
export interface LineListener {
  onEvent(sighting: Sighting): void;
  /** Of every line that may matter, with its number, from 1. Who wants to hear that makes the scanner look at each line. */
  readonly onLine?: ((line: string, judgement: Judgement, number: number) => void) | undefined;
}

/** What a part of a log held, besides its events. Plain data. */
export interface PartResult {
  readonly tally: Tally;
  /** Sequence numbers: of its first record, and of the one after its last; undefined without any. */
  readonly firstSequence: number | undefined;
  readonly nextSequence: number | undefined;
  /** Bytes of a last line without an end: it is not whole, and not counted. */
  readonly unfinishedBytes: number;
  /** When the last line was logged, in seconds since the epoch; undefined where it does not tell. */
  readonly lastTime: number | undefined;
}

/**
 * Scans whole lines of one part of a log after another. Bytes are put into `room` and taken, block after block; memory does not grow with
 * the log.
 */
export class LineScanner {
  readonly #judge: LineJudge;
  readonly #kernel: LineKernel;
  /** Forms of the kernel's templates. */
  readonly #templates: Form[] = [];
  #tally: Tally;
  #listener: LineListener;
  #lineBeforeFirst: () => string | undefined = () => undefined;
  /** In the kernel's memory: where the next line begins, and where the text ends. */
  #head = 0;
  #tail = 0;
  /** Whether what is in memory begins after the part does. */
  #hasMoved = false;
  /** Of a line that is too long, what came is forgotten. */
  #skippedBytes = 0;
  /** The form of the last line that was looked at, and where that ends. */
  #lastForm: Form | undefined;
  #lastEnd = -1;
  #firstSequence: number | undefined;
  #linesSeen = 0;

  /** Takes who judges lines, and whether to look at each one. */
  constructor(judge: LineJudge, looksAtAll = false) {
    this.#judge = judge;
    this.#kernel = new LineKernel(judge.words, looksAtAll);
    this.#tally = newTally(judge.kinds);
    this.#listener = { onEvent() {} };
  }

  /** Begins a part. Takes who is told of its lines, and what gives the line before the first. */
  begin(listener: LineListener, lineBefore: () => string | undefined = () => undefined): void {
    this.#listener = listener;
    this.#lineBeforeFirst = lineBefore;
    this.#tally = newTally(this.#judge.kinds);
    this.#head = this.#kernel.textStart;
    this.#tail = this.#kernel.textStart;
    this.#hasMoved = false;
    this.#skippedBytes = 0;
    this.#lastForm = undefined;
    this.#lastEnd = this.#kernel.textStart - 1;
    this.#firstSequence = undefined;
    this.#linesSeen = 0;
    this.#kernel.expectSequence(-1);
  }

  /** Where the next bytes of the log go. */
  get room(): Buffer {
    return this.#kernel.bytes.subarray(this.#tail, this.#tail + BLOCK_BYTES);
  }

  /** Takes how many bytes were put into the room, and scans the lines that are whole by now. */
  take(bytes: number): void {
    this.#tail += bytes;
    if (this.#skippedBytes === 0 || this.#skip()) this.#scan();
    if (this.#tail - this.#head > MAX_LINE_BYTES || this.#skippedBytes > 0) {
      this.#skippedBytes += this.#tail - this.#head;
      this.#head = this.#tail;
    }
    this.#makeRoom();
  }

  /** To be asked when nothing more comes. */
  end(): PartResult {
    const { nextSequence } = this.#kernel;
    const last = this.#lineBefore(this.#head);
    const [form, header] = last === undefined ? [] : formOf(last);
    const line = header && last !== undefined ? form?.parse(last, header) : undefined;
    return {
      tally: this.#tally,
      firstSequence: this.#firstSequence,
      nextSequence: nextSequence < 0 ? undefined : nextSequence,
      unfinishedBytes: this.#skippedBytes + this.#tail - this.#head,
      lastTime: form?.clock === 'epoch' && line ? this.#judge.timeOf(form, line) : undefined,
    };
  }

  #scan(): void {
    const kernel = this.#kernel;
    for (;;) {
      const end = kernel.next(this.#head, this.#tail);
      this.#head = kernel.lineStart;
      if (end < 0) break;
      this.#look(this.#head, end);
      this.#head = end + 1;
      this.#lastEnd = end;
    }
    for (let template = 0; template < this.#templates.length; template++) this.#countPassed(template);
  }

  /** A line that was passed over is a record of its template's form, and nothing else. */
  #countPassed(template: number): void {
    const passed = this.#kernel.takePassed(template);
    const form = FORMS.indexOf(this.#templates[template] as Form);
    this.#tally.records += passed;
    this.#tally.byForm[form] = (this.#tally.byForm[form] ?? 0) + passed;
  }

  #look(start: number, end: number): void {
    this.#linesSeen += 1;
    if (end - start > MAX_LINE_BYTES) {
      this.#countOversize();
      return;
    }
    const { bytes, lineTemplate, lineHolds, lastTemplate } = this.#kernel;
    const before = start === this.#lastEnd + 1 ? this.#lastForm : this.#templates[lastTemplate];
    if (bytes[start] === SPACE && before?.continues) {
      this.#lastForm = before;
      return;
    }
    const line = bytes.toString('latin1', start, end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
    const known = this.#templates[lineTemplate];
    const [form, header] = known?.readsHeader === false ? [known, MATCHED] : this.#formOf(line, known ?? before);
    this.#lastForm = form;
    if (lineTemplate < 0 && form !== undefined && header !== null) this.#learn(form, header, line);
    if (!(lineHolds ?? this.#judge.mayMatter(line))) {
      this.#judge.countOther(form, this.#tally);
      return;
    }
    const judgement = this.#judge.judge(line, form, header, () => this.#lineBefore(start));
    const sighting = this.#judge.count(judgement, this.#tally);
    if (sighting !== undefined) this.#listener.onEvent(sighting);
    this.#listener.onLine?.(line, judgement, this.#linesSeen);
  }

  /** The form of a line. Takes note of its sequence number. */
  #formOf(line: string, known: Form | undefined) {
    const [form, header] = formOf(line, known);
    if (!form?.isNumbered) return [form, header] as const;
    const sequence = Number(header?.groups?.sequence);
    if (!Number.isSafeInteger(sequence)) return [undefined, null] as const;
    const { nextSequence } = this.#kernel;
    // A lower number is another boot's: captures are appended to each other.
    if (nextSequence >= 0 && sequence > nextSequence) this.#tally.lost += sequence - nextSequence;
    this.#firstSequence ??= sequence;
    this.#kernel.expectSequence(sequence + 1);
    return [form, header] as const;
  }

  /** From now on, what begins like this line is known. */
  #learn(form: Form, { 0: header }: RegExpExecArray, line: string): void {
    // What the end of the line had a part in cannot be told by the beginning alone.
    if (header.length === line.length) return;
    const { host, sequence } = new RegExp(form.header, 'd').exec(line)?.indices?.groups ?? {};
    const place = this.#kernel.place;
    if (this.#templates[place] !== undefined) this.#countPassed(place);
    if (this.#kernel.add({ header, host, sequence })) this.#templates[place] = form;
  }

  #countOversize(): void {
    this.#lastForm = undefined;
    this.#tally.records += 1;
    this.#tally.rejected.oversize += 1;
  }

  /** Goes to the end of a line that is too long; false if it is not there yet. */
  #skip(): boolean {
    const feed = this.#kernel.bytes.subarray(0, this.#tail).indexOf(LINE_FEED, this.#head);
    if (feed < 0) return false;
    this.#skippedBytes = 0;
    this.#linesSeen += 1;
    this.#countOversize();
    this.#head = feed + 1;
    this.#lastEnd = feed;
    return true;
  }

  /** The whole line that ends before a position in memory. */
  #lineBefore(position: number): string | undefined {
    const { bytes, textStart } = this.#kernel;
    if (position === textStart) return this.#hasMoved ? undefined : this.#lineBeforeFirst();
    const feed = position - 2 < textStart ? -1 : bytes.lastIndexOf(LINE_FEED, position - 2);
    const start = Math.max(feed + 1, textStart);
    if ((feed < textStart && this.#hasMoved) || bytes[position - 1] !== LINE_FEED) return undefined;
    return bytes.toString('latin1', start, position - (bytes[position - 2] === CARRIAGE_RETURN ? 2 : 1));
  }

  /** Keeps the unfinished line and the whole one before it. */
  #makeRoom(): void {
    const { bytes, textStart } = this.#kernel;
    const feed = this.#head - 2 < textStart ? -1 : bytes.lastIndexOf(LINE_FEED, this.#head - 2);
    const kept = this.#head - feed > 2 * MAX_LINE_BYTES ? this.#head : Math.max(feed, textStart);
    if (kept === textStart) return;
    bytes.copyWithin(textStart, kept, this.#tail);
    const moved = kept - textStart;
    this.#head -= moved;
    this.#tail -= moved;
    this.#lastEnd -= moved;
    this.#hasMoved = true;
  }
}
