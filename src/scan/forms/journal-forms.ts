import { parseSyslog } from '../../input/parse-syslog.ts';
import { syslogTime } from '../../input/syslog-time.ts';
import type { Form, LogLine } from './form.ts';

/**
 * What `journalctl -k` prints that syslog does not (systemd src/shared/logs-show.c): `short-precise` has microseconds, `short-iso` before
 * systemd 255 a zone without a colon. `short` is syslog's oldest form, and `short-iso` since then RFC 3339. In all of them the tag is all
 * that tells the kernel from others.
 */
export const JOURNAL_SHORT_FORMS: readonly Form[] = [
  {
    name: 'journal-short-precise',
    authorship: 'tag',
    clock: 'epoch',
    continues: false,
    readsHeader: true,
    header: /^(?<seconds>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)(?<fraction>\.\d{6}) (?<host>\S+) /,
    parse: (line, { groups: { seconds = '', fraction = '' } = {} }) =>
      restamped(line, seconds.length + fraction.length, seconds, `${seconds}${fraction}`),
    time(stamp, nowMs) {
      const [seconds = '', fraction = ''] = stamp.split('.');
      const time = syslogTime(seconds, nowMs);
      return time === undefined ? undefined : Math.min(time + Number(`0.${fraction}`), nowMs / 1000);
    },
  },
  {
    name: 'journal-short-iso',
    authorship: 'tag',
    clock: 'epoch',
    continues: false,
    readsHeader: true,
    header: /^(?<local>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?)(?<hours>[+-]\d\d)(?<minutes>\d\d) (?<host>\S+) /,
    parse(line, { groups: { local = '', hours = '', minutes = '' } = {} }) {
      const stamp = `${local}${hours}:${minutes}`;
      return restamped(line, stamp.length - 1, stamp, stamp);
    },
    time: syslogTime,
  },
];

/** The line as syslog would have written it. */
function restamped(line: string, length: number, syslogStamp: string, stamp: string): LogLine | undefined {
  const record = parseSyslog(`${syslogStamp}${line.slice(length)}`);
  return record && { fromKernel: record.fromKernel, message: record.message, stamp };
}

/**
 * `journalctl -o json`, an object a line (systemd.journal-fields(7)). `_TRANSPORT` begins with an underscore, so journald wrote it and no
 * client can; a user who writes to /dev/kmsg comes by the same way, but with another facility.
 */
export const JOURNAL_JSON: Form = {
  name: 'journal-json',
  authorship: 'facility',
  clock: 'epoch',
  continues: false,
  readsHeader: false,
  // Names of fields are in capitals: JSON lines of other programs are not taken for the journal's.
  header: /^\{"[A-Z_]/,
  parse(line) {
    const entry = parseObject(line);
    const message = entry === undefined ? undefined : bytesOf(entry.MESSAGE);
    if (entry === undefined || message === undefined) return undefined;
    const { _TRANSPORT: transport, SYSLOG_FACILITY: facility } = entry;
    // With --output-fields they may be left out: then nobody knows who wrote it.
    if (transport === undefined || (transport === 'kernel' && facility === undefined)) return undefined;
    const fromKernel = transport === 'kernel' && facility === '0';
    return { fromKernel, message, stamp: String(entry.__REALTIME_TIMESTAMP ?? '') };
  },
  time: (stamp) => (/^\d{1,16}$/.test(stamp) ? Number(stamp) / 1e6 : undefined),
};

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A field that is no text is an array of its bytes. */
function bytesOf(field: unknown): string | undefined {
  if (typeof field === 'string') return Buffer.from(field, 'utf8').toString('latin1');
  return Array.isArray(field) ? Buffer.from(field).toString('latin1') : undefined;
}
