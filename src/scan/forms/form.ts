/** Who wrote a message, as far as a form of log tells: its facility; only a tag that anybody may write; nothing at all. */
export type Authorship = 'facility' | 'tag' | 'none';

/** One line of a log, taken apart. One character a byte. */
export interface LogLine {
  /** False when the form tells that someone else wrote it. */
  readonly fromKernel: boolean;
  /** The message alone. */
  readonly message: string;
  /** What `message repeated N times` is looked for in; undefined in forms where nobody writes that. */
  readonly text?: string | undefined;
  /** When it was logged, as the line tells it. */
  readonly stamp: string;
}

/** A way in which kernel logs are kept, told by the line: a row of the table in forms.ts. */
export interface Form {
  readonly name: string;
  readonly authorship: Authorship;
  /** What its time stamps count: seconds since the epoch, or since boot. */
  readonly clock: 'epoch' | 'boot';
  /** A line that begins with a space goes on with the message before it, or is its dictionary. */
  readonly continues: boolean;
  /** Its header has a group `sequence`: a number that is one more in each record. */
  readonly isNumbered?: boolean;
  /**
   * What a line of this form begins with. To be true of a line it must stay true with other digits in the place of digits, and with any
   * printable ASCII but spaces in the group `host`: lines are told by comparison with others of their form.
   */
  readonly header: RegExp;
  /** Parsing needs the header's groups: else it is enough to know that a line begins like another one of the form. */
  readonly readsHeader: boolean;
  /** Takes a line whose beginning the header matched; undefined when the rest has not the form. */
  readonly parse: (line: string, header: RegExpExecArray) => LogLine | undefined;
  /** Seconds on the form's clock of a stamp, undefined if it tells none. Takes the present in milliseconds since the epoch. */
  readonly time: (stamp: string, nowMs: number) => number | undefined;
}
