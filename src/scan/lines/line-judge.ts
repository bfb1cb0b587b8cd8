import type { EventKind, KernelEvent } from '../../event/event.ts';
import { eventKinds } from '../../event/kinds.ts';
import { eventParser, type Verdict } from '../../event/parse-event.ts';
import { SUPPRESSED, suppressedMessages } from '../../event/suppressed.ts';
import { Needles } from '../../input/needles.ts';
import { parseRepeated, parseSyslog } from '../../input/parse-syslog.ts';
import type { Form, LogLine } from '../forms/form.ts';
import { FORMS } from '../forms/forms.ts';
import type { Tally } from './tally.ts';

/** In the lines of syslog that stand for others. */
const REPEATED = 'message repeated';
/** What comes before the kernel's message in every syslog: at its end the kernel's tag, and no other tag before that. */
const UP_TO_TAG = /^(?<priority><\d{1,3}>)?(?:[^:]|:(?! ))* kernel: ?/;
/** How the journal's JSON begins a message that is not text: its bytes as numbers, in which no word can be found. */
const UNREADABLE = ['"MESSAGE":[', '"MESSAGE" : ['];

/** What a line turned out to be. */
export interface Judgement {
  readonly form: Form | undefined;
  readonly line: LogLine | undefined;
  /** The message that it stands for: another line's if it is a repetition. */
  readonly message: string;
  /** How many records it stands for. */
  readonly repeat: number;
  readonly verdict: Verdict;
  /** The N that the kernel suppressed. */
  readonly suppressed: number;
  /** It may be an event in a format that is not known: it is not counted, and that is no answer. */
  readonly isMisread: boolean;
}

const NO_RECORD: Judgement = {
  form: undefined,
  line: undefined,
  message: '',
  repeat: 1,
  verdict: undefined,
  suppressed: 0,
  isMisread: false,
};

/** A counted event, and when its log says that it was. */
export interface Sighting {
  readonly event: KernelEvent;
  readonly repeat: number;
  /** In seconds of the clock; undefined where the log does not tell. */
  readonly time: number | undefined;
  readonly clock: Form['clock'];
}

/** Tells what single lines are: the same for every reader of logs. Takes the prefixes of netfilter LOG lines that count, and the present in milliseconds since the epoch. */
export class LineJudge {
  readonly kinds: readonly EventKind[];
  /** Every line that is more than a record of its form has one of these. */
  readonly words: readonly string[];
  readonly #needles: Needles;
  readonly #parseEvent: (message: string) => Verdict;
  readonly #nowMs: number;
  /** The last stamp and its time: many lines share one. */
  #stamp = '';
  #stampForm: Form | undefined;
  #time: number | undefined;

  constructor(logPrefixes: readonly string[], nowMs: number) {
    this.kinds = eventKinds(logPrefixes);
    const words = [...this.kinds.flatMap(({ needles }) => needles), SUPPRESSED, REPEATED];
    this.words = [...new Set([...words, ...words.map(inJson), ...UNREADABLE])];
    this.#needles = new Needles(this.words);
    this.#parseEvent = eventParser(this.kinds);
    this.#nowMs = nowMs;
  }

  /** Whether a line can be more than a record of its form. */
  mayMatter(line: string): boolean {
    return this.#needles.areIn(line, 0, line.length);
  }

  /** What a line is. Takes its form and how its header matched, if it has one, and what gives the line before. */
  judge(
    line: string,
    form: Form | undefined,
    header: RegExpExecArray | null,
    previous: () => string | undefined,
  ): Judgement {
    const parsed = header === null ? undefined : form?.parse(line, header);
    if (form === undefined || parsed === undefined) return { ...NO_RECORD, isMisread: form !== undefined };
    const { message, repeat } = this.#repetition(parsed, previous) ?? { message: parsed.message, repeat: 1 };
    const verdict = this.#parseEvent(message);
    const suppressed = verdict === undefined && parsed.fromKernel ? (suppressedMessages(message) ?? 0) * repeat : 0;
    const isRefused = verdict !== undefined && (verdict === 'unrecognised' || !parsed.fromKernel);
    const isMisread = isRefused && form.authorship !== 'facility' && this.#isEventFromTag(line);
    return { form, line: parsed, message, repeat, verdict, suppressed, isMisread };
  }

  /** When a line was logged, in seconds of its form's clock. */
  timeOf(form: Form, { stamp }: LogLine): number | undefined {
    if (stamp !== this.#stamp || form !== this.#stampForm) {
      this.#time = form.time(stamp, this.#nowMs);
      this.#stamp = stamp;
      this.#stampForm = form;
    }
    return this.#time;
  }

  /** Counts a judged line; gives the event if it was one. */
  count(judgement: Judgement, tally: Tally): Sighting | undefined {
    const { form, line, message, repeat, verdict, suppressed, isMisread } = judgement;
    this.countOther(form, tally, repeat);
    tally.suppressed += suppressed;
    if (isMisread) tally.misread += repeat;
    if (form === undefined || line === undefined || verdict === undefined) return undefined;
    if (line.fromKernel && verdict !== 'unrecognised') {
      tally.events += repeat;
      return { event: verdict, repeat, time: this.timeOf(form, line), clock: form.clock };
    }
    const reason = line.fromKernel ? 'unrecognised' : 'userspace';
    tally.rejected[reason] += repeat;
    const counts = tally.rejectedByKind[this.kindOf(message)];
    if (counts !== undefined) counts[reason] += repeat;
    return undefined;
  }

  /** Counts a line that cannot matter. */
  countOther(form: Form | undefined, tally: Tally, records = 1): void {
    tally.records += records;
    if (form === undefined) {
      tally.rejected.malformed += 1;
      return;
    }
    const index = FORMS.indexOf(form);
    tally.byForm[index] = (tally.byForm[index] ?? 0) + records;
  }

  /** The index of the first kind whose words a message has; -1 if none. */
  kindOf(message: string): number {
    return this.kinds.findIndex(({ needles }) => needles.some((needle) => message.includes(needle)));
  }

  /** Whether a line is an event from the kernel's tag on: several formats put something before it that ours do not. */
  #isEventFromTag(line: string): boolean {
    const found = UP_TO_TAG.exec(line);
    if (found === null) return false;
    const { priority = '' } = found.groups ?? {};
    const record = parseSyslog(`${priority}Jan  1 00:00:00 - kernel: ${line.slice(found[0].length)}`);
    return record?.fromKernel === true && typeof this.#parseEvent(record.message) === 'object';
  }

  /** It stands for lines like the one before it, or it is a forgery that would count for a million. */
  #repetition({ fromKernel, text }: LogLine, previous: () => string | undefined) {
    if (!fromKernel || text === undefined || !text.includes(REPEATED)) return undefined;
    const repeated = parseRepeated(text);
    const before = repeated && previous();
    if (repeated === undefined || before === undefined) return undefined;
    const [form, header] = formOf(before);
    const isTrue = header !== null && form?.parse(before, header)?.message.startsWith(repeated.message);
    return isTrue ? repeated : undefined;
  }
}

/** The form whose header a line has, and how; most lines have that of the line before. */
export function formOf(line: string, known?: Form): readonly [Form | undefined, RegExpExecArray | null] {
  if (known !== undefined) {
    const header = known.header.exec(line);
    if (header !== null) return [known, header];
  }
  for (const form of FORMS) {
    const header = form.header.exec(line);
    if (header !== null) return [form, header];
  }
  return [undefined, null];
}

/** A word as JSON writes it. */
function inJson(word: string): string {
  return JSON.stringify(word).slice(1, -1);
}
