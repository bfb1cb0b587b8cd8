import { parseKmsg } from '../../input/parse-kmsg.ts';
import { parseSyslog } from '../../input/parse-syslog.ts';
import { syslogTime } from '../../input/syslog-time.ts';
import { DMESG_FORMS } from './dmesg-forms.ts';
import type { Form, LogLine } from './form.ts';
import { JOURNAL_JSON, JOURNAL_SHORT_FORMS } from './journal-forms.ts';

/** A record of /dev/kmsg (see parseKmsg), a line each; lines of its dictionary begin with a space. */
const KMSG: Form = {
  name: 'kmsg',
  authorship: 'facility',
  clock: 'boot',
  continues: true,
  isNumbered: true,
  readsHeader: true,
  header: /^\d{1,9},(?<sequence>\d{1,20}),\d{1,20},[-c+](?:,[^;\n]*)?;/,
  parse(line) {
    const record = parseKmsg(line);
    return record && { fromKernel: record.facility === 0, message: record.message, stamp: String(record.microseconds) };
  },
  time: (stamp) => Number(stamp) / 1e6,
};

/** The forms of syslog files (see parseSyslog). */
const SYSLOG_FORMS: readonly Form[] = [
  syslog('syslog-rfc3164', 'tag', /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?<host>\S+) /),
  syslog(
    'syslog-rfc3339',
    'tag',
    /^(?:<\d{1,3}>)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (?<host>\S+) /,
  ),
  syslog(
    'syslog-rfc5424',
    'facility',
    /^<\d{1,3}>1 (?:-|\d{4}-\S{1,40}) (?<host>\S+) \S+ \S+ \S+ (?:-|(?:\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\])+)(?: |$)/,
  ),
];

function syslog(name: string, authorship: Form['authorship'], header: RegExp): Form {
  const parse = (line: string): LogLine | undefined => parseSyslog(line);
  return { name, authorship, clock: 'epoch', continues: false, readsHeader: false, header, parse, time: syslogTime };
}

/** The forms in which kernel logs are kept. A new one is a row: no line is of two forms. */
export const FORMS: readonly Form[] = [KMSG, ...SYSLOG_FORMS, ...JOURNAL_SHORT_FORMS, ...DMESG_FORMS, JOURNAL_JSON];
