/** One line of a syslog file. */
export interface SyslogRecord {
  /** Tag `kernel`, exactly and without a pid, and facility 0 where the line has a priority. */
  readonly fromKernel: boolean;
  /** The message as it stands. */
  readonly text: string;
  /** The message without what syslog and the kernel put before it: a byte order mark, `[secs.usecs]`, `[T123]`. */
  readonly message: string;
  /** The line's time stamp, for syslogTime; `-` when it has none. */
  readonly stamp: string;
}

/**
 * Parses a line as rsyslog writes it, one character a byte; undefined if it has none of the three forms:
 *
 *     Nov 22 09:41:35 host kernel: [  194.290970] message                  RFC 3164
 *     2026-11-22T09:41:35.971413+00:00 host kernel: [  194.290970] message with an RFC 3339 time stamp
 *     <4>1 2026-11-22T09:41:35.971413+00:00 host kernel - - - message      RFC 5424
 *
 * The first two may begin with `<priority>` too. Where there is no priority, the tag is all that tells the kernel from others, and
 * whoever may write to syslog may write any tag.
 */
export function parseSyslog(line: string): SyslogRecord | undefined {
  const classic = RFC3164.exec(line) ?? RFC3339.exec(line);
  if (classic !== null) {
    const [header, priority, stamp = '-'] = classic;
    const fromKernel = line.startsWith(TAG, header.length) && isKernel(priority);
    return syslogRecord(fromKernel, stamp, line.slice(header.length + (fromKernel ? TAG.length : 0)));
  }
  const modern = RFC5424.exec(line);
  if (modern === null) return undefined;
  const [header, priority, stamp = '-', tag, process] = modern;
  return syslogRecord(tag === 'kernel' && process === '-' && isKernel(priority), stamp, line.slice(header.length));
}

const TAG = 'kernel: ';
/** Priority, time stamp, host. */
const RFC3164 = /^(?:<(\d{1,3})>)?([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ /;
const RFC3339 = /^(?:<(\d{1,3})>)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) \S+ /;
/** Priority, version, time stamp, host, tag, process, message id, structured data. */
const RFC5424 =
  /^<(\d{1,3})>1 (-|\d{4}-\S{1,40}) \S+ (\S+) (\S+) \S+ (?:-|(?:\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\])+)(?: (?:\xef\xbb\xbf)?|$)/;

function isKernel(priority: string | undefined): boolean {
  return priority === undefined || Number(priority) >>> 3 === 0;
}

function syslogRecord(fromKernel: boolean, stamp: string, text: string): SyslogRecord {
  return { fromKernel, text, message: fromKernel ? withoutPrintkPrefix(text) : text, stamp };
}

/** Whether a part of a text is a line of one of the three forms, without cutting it out. */
export function looksLikeSyslog(text: string, start: number, end: number): boolean {
  SHAPE.lastIndex = start;
  return (SHAPE.test(text) && SHAPE.lastIndex <= end) || parseSyslog(text.slice(start, end)) !== undefined;
}

/** The two forms that begin with a time stamp. No space but these, so a match does not cross a line's end. */
const SHAPE =
  /(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) \S+ /y;

/**
 * What rsyslog writes in the place of identical messages (RepeatedMsgReduction): how many, and the message, which is cut off at 800
 * bytes. Undefined for any other text. rsyslog action.c.
 */
export function parseRepeated(text: string): { message: string; repeat: number } | undefined {
  const [, times, repeated = ''] = REPEATED.exec(text) ?? [];
  return times === undefined ? undefined : { message: withoutPrintkPrefix(repeated), repeat: Number(times) };
}

const REPEATED = /^ ?message repeated ([1-9]\d{0,5}) times: \[ ?(.*)\]\s*$/;

/** What printk puts before a text that is read through /proc/kmsg: the time, and the caller with CONFIG_PRINTK_CALLER (kernel/printk/printk.c print_prefix). */
function withoutPrintkPrefix(text: string): string {
  const prefix = PRINTK_PREFIX.exec(text)?.[0] ?? '';
  return prefix === '' ? text : text.slice(prefix.length);
}

const PRINTK_PREFIX = /^(?:\[ *\d+\.\d{6}\](?:\[ *[TC]\d+\])?|\[ *[TC]\d+\]) ?/;
