import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventParser } from '../../src/event/parse-event.ts';
import { suppressedMessages } from '../../src/event/suppressed.ts';
import { KmsgRecords } from '../../src/input/kmsg-records.ts';
import { Lines } from '../../src/input/lines.ts';
import { parseKmsg, unescapeKmsg } from '../../src/input/parse-kmsg.ts';
import { looksLikeSyslog, parseRepeated, parseSyslog } from '../../src/input/parse-syslog.ts';
import { type LogRecord, newInputStats } from '../../src/input/record.ts';
import { SyslogLines } from '../../src/input/syslog.ts';
import { syslogTime } from '../../src/input/syslog-time.ts';
import { countEvents } from '../../src/pipeline/count-events.ts';
import { capture } from '../event/fixtures.ts';
import { CLOCK, KINDS, makeStages, NOW } from '../pipeline/stages.ts';
import { until } from './follow.ts';
import { ScriptedInput } from './scripted-input.ts';

const parseEvent = eventParser(KINDS);
/** Every line is handed on, so that each can be accounted for. */
const WORDS = [''];

/** Genuine lines of every form that hold an event or nearly one, and a few that do not. */
const SEEDS = [
  '6.1.0-56-amd64.kmsg.raw',
  '6.18.host-netns.kmsg.raw',
  '6.1.0-56-amd64.rsyslog-RSYSLOG_TraditionalFileFormat.log',
  '6.1.0-56-amd64.rsyslog-RSYSLOG_FileFormat.log',
  '6.1.0-56-amd64.rsyslog-RSYSLOG_SyslogProtocol23Format.log',
  '6.1.0-56-amd64.rsyslog-imkmsg-RSYSLOG_TraditionalFileFormat.log',
].flatMap((name) => {
  const lines = capture(name).split('\n');
  const ours = lines.filter((line) => /no reply|Source Route|source route|SRC ROUTE|suppressed/.test(line));
  return [...ours, ...lines.slice(0, 5), ...lines.slice(-5)];
});

const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const bytes = fc.string({ unit: byte, maxLength: 300 });
/** What the formats are made of, so that chance meets their borders. */
const piece = fc.constantFrom(
  ...['\n', '\r', '\0', ' ', ';', ',', '-', '[', ']', '>', '<', '=', ':', '.', '::', '\\', '\\x0a', '"', '/', '%eth0'],
  ...['SRC=', 'DST=', 'IN=', 'OUT=', 'kernel: ', '[    1.000000] ', 'message repeated 2 times: [', '192.0.2.1', '::1'],
  ...['99999999999999999999', '-1', '\xff', '\xc3\xa9', '\xef\xbb\xbf'],
);
/** A genuine line with something put in, taken out, doubled or changed in a few places. */
const nearMiss = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(
      fc.record({
        what: fc.constantFrom('insert', 'delete', 'replace', 'double', 'cut'),
        at: fc.nat(400),
        length: fc.nat(12),
        text: fc.oneof(byte, piece),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([seed, changes]) =>
    changes.reduce((line, { what, at, length, text }) => {
      const start = at % (line.length + 1);
      const [before, after] = [line.slice(0, start), line.slice(start)];
      if (what === 'insert') return before + text + after;
      if (what === 'delete') return before + after.slice(length);
      if (what === 'replace') return before + text + after.slice(text.length);
      if (what === 'double') return before + after.slice(0, length) + after;
      return before;
    }, seed),
  );
const anything = fc.oneof(
  { weight: 1, arbitrary: bytes },
  { weight: 4, arbitrary: nearMiss },
  { weight: 1, arbitrary: fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')) },
);

/** Reads a text as a file in either form; what each of its lines becomes is counted as the inputs do. */
function read(text: string, form: 'kmsg' | 'syslog') {
  const stats = newInputStats();
  const records: LogRecord[] = [];
  const kmsg = new KmsgRecords(stats, () => undefined);
  const syslog = new SyslogLines(stats, WORDS, () => NOW);
  const lines = new Lines(
    (text, start, end) => {
      const record = form === 'kmsg' ? kmsg.read(text.slice(start, end), true) : syslog.read(text, start, end);
      if (record !== undefined) records.push(record);
    },
    () => {
      stats.records += 1;
      stats.rejected.oversize += 1;
    },
  );
  lines.push(text);
  return { stats, records };
}

/** Everything that is done with a line, whatever it is. */
function swallow(line: string): void {
  const kmsg = parseKmsg(line);
  const syslog = parseSyslog(line);
  for (const message of [line, kmsg?.message, syslog?.message]) {
    if (message === undefined) continue;
    const verdict = parseEvent(message);
    if (typeof verdict === 'object') {
      expect(verdict.source ?? '').toMatch(/^[\d.a-f:]*$/);
      expect(verdict.source === undefined).toBe(
        verdict.event === 'icmpv6_no_reply' && !message.trimEnd().endsWith(']'),
      );
    }
    const suppressed = suppressedMessages(message) ?? 0;
    expect(Number.isSafeInteger(suppressed) && suppressed >= 0).toBe(true);
    unescapeKmsg(message);
  }
  if (kmsg !== undefined) {
    expect(Number.isSafeInteger(kmsg.sequence) && kmsg.sequence >= 0).toBe(true);
    expect(kmsg.facility).toBeGreaterThanOrEqual(0);
    expect(kmsg.message).not.toContain('\n');
  }
  if (syslog !== undefined) {
    expect(parseRepeated(syslog.text)?.repeat ?? 1).toBeGreaterThanOrEqual(1);
    expect(looksLikeSyslog(line, 0, line.length)).toBe(true);
    const time = syslogTime(syslog.stamp, NOW);
    expect(time === undefined || time <= NOW / 1000).toBe(true);
  }
}

/** Counts batches and gives what became of them. */
async function account(batches: Iterable<readonly LogRecord[]>, stats = newInputStats()) {
  const stages = makeStages();
  let matched = 0;
  let notOurs = 0;
  const script = [...batches].map((records) => ({ records, more: true, waitMs: 0 }));
  const input = new ScriptedInput('/log', stats, [...script, { records: [], more: false, waitMs: 60_000 }]);
  const stop = new AbortController();
  const counting = {
    ...stages,
    parseEvent(message: string) {
      const verdict = parseEvent(message);
      if (verdict === undefined) notOurs += 1;
      return verdict;
    },
    onEvent() {
      matched += 1;
    },
  };
  const ended = countEvents(input, counting, stop.signal);
  await Promise.race([ended, until(() => input.isIdle, 60_000)]);
  stop.abort();
  await ended;
  return { matched, notOurs, ledger: stages.ledger };
}

describe('any text', () => {
  it('is parsed without an exception', () => {
    fc.assert(fc.property(anything, swallow), { numRuns: 10_000 });
  });

  it('is read as a log of either form without an exception, and each line becomes one thing', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 6 }), fc.constantFrom('kmsg', 'syslog'), (parts, form) => {
        const text = `${parts.join('\n')}\n`;
        const { stats, records } = read(text, form as 'kmsg' | 'syslog');
        const repeats = records.reduce((sum, { repeat }) => sum + repeat, 0);
        expect(stats.records).toBe(repeats + stats.rejected.malformed + stats.rejected.oversize);
        const lines = text.split('\n').slice(0, -1);
        const dictionary = form === 'kmsg' ? lines.filter((line) => line.startsWith(' ')).length : 0;
        expect(records.length + stats.rejected.malformed + stats.rejected.oversize).toBe(lines.length - dictionary);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is accounted for to the last record: events + not ours + rejected', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anything, { maxLength: 30 }),
        fc.constantFrom('kmsg', 'syslog'),
        async (parts, form) => {
          const { stats, records } = read(`${parts.join('\n')}\n`, form as 'kmsg' | 'syslog');
          // A repetition stands for several records; how often is counted elsewhere.
          const single = records.map((record) => ({ ...record, repeat: 1 }));
          const surplus = records.reduce((sum, { repeat }) => sum + repeat - 1, 0);
          const { matched, notOurs, ledger } = await account([single], stats);
          const rejected = Object.values(stats.rejected).reduce((sum, count) => sum + count, 0);
          expect(stats.records - surplus).toBe(matched + notOurs + rejected);
          const counted = ledger
            .accounts(CLOCK)
            .flatMap(({ totals }) => totals.map(({ count }) => count))
            .reduce((sum, count) => sum + count, 0);
          expect(counted).toBe(matched);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['x', 'x'],
    ['a needle', 'no reply to icmp error '],
    ['spaces', ' '],
    ['NULs', '\0'],
    ['brackets', '['],
    ['elements', '[a b="c"]'],
    ['quotes', '"'],
    ['backslashes', '\\'],
    ['escapes', '\\x0a'],
    ['SRC=', 'SRC=1 '],
    ['pairs', 'A=b '],
    ['digits', '1'],
    ['colons', ':'],
    ['decorations', 'ipv6:'],
    ['repetitions', 'message repeated 2 times: ['],
    ['times', '[    1.000000] '],
  ])('of 64 KiB of %s is refused in no time, in every place of a line', (_, unit) => {
    const long = unit.repeat(65_536 / unit.length);
    const start = performance.now();
    for (const head of [
      '',
      '6,1,1,-',
      '6,1,1,-,',
      '6,1,1,-;',
      'Nov 22 09:41:35 ',
      'Nov 22 09:41:35 host kernel: ',
      'Nov 22 09:41:35 host kernel: message repeated 2 times: [',
      '2026-11-22T09:41:35Z ',
      '<6>1 ',
      '<6>1 2026-11-22T09:41:35Z host kernel - - ',
      'IPv6: icmp6_send: no reply to icmp error [',
      '<intr> ',
      'icmp: ',
      'IPv4: source route option ',
      'SRC ROUTE ATTEMPT: IN=',
      'SRC ROUTE ATTEMPT: IN= OUT= ',
      'SRC ROUTE ATTEMPT: IN= OUT= SRC=',
    ]) {
      for (const tail of ['', ' no reply to icmp error', ']', ';']) swallow(head + long + tail);
    }
    // Quadratic work would take minutes.
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  it('of 10 MB in one line is skipped whole, in whatever pieces it comes', () => {
    for (const size of [1_000, 65_536, 10_000_000]) {
      const found: string[] = [];
      let oversize = 0;
      const lines = new Lines(
        (text, start, end) => found.push(text.slice(start, end)),
        () => {
          oversize += 1;
        },
      );
      const chunk = 'x'.repeat(size);
      for (let sent = 0; sent < 10_000_000; sent += size) lines.push(chunk);
      lines.push('\nnext\n');
      expect({ found, oversize }).toEqual({ found: ['next'], oversize: 1 });
    }
  });
});

describe('a million records that are all different and nearly ours', () => {
  it('leave nothing behind but numbers', async () => {
    const shapes: ((n: number) => string)[] = [
      (n) => `x${n}: IPv6: icmp6_send: no reply to icmp error [2001:db8::${n % 65_536} > ::1]`,
      (n) => `icmp: 192.0.2.${n}: Source Route Failed (${n})`,
      (n) => `IPv4: source route option 10.${n}.0.1 -> 192.0.2.1`,
      (n) => `SRC ROUTE ATTEMPT: IN=if${n} OUT= SRC=host${n} DST=192.0.2.1 LEN=4 `,
      (n) => `${n} Source Route Failed`,
    ];
    const stats = newInputStats();
    const kmsg = new KmsgRecords(stats, () => undefined);
    const stages = makeStages();
    // Read as it is counted, so that the test itself keeps nothing.
    const input = new ScriptedInput('/log', stats, []);
    const BATCH = 2_000;
    let written = 0;
    input.step = () => {
      const records: LogRecord[] = [];
      for (let n = 0; n < BATCH && written < 1_000_000; n++, written++) {
        const shape = shapes[written % shapes.length] as (n: number) => string;
        const record = kmsg.read(`6,${written},1,-;${shape(1_000 + written)}\n`, false);
        if (record !== undefined) records.push(record);
      }
      return { records, more: records.length > 0, waitMs: 60_000 };
    };
    const stop = new AbortController();
    const heap = process.memoryUsage().heapUsed;
    const ended = countEvents(input, stages, stop.signal);
    await Promise.race([ended, until(() => stats.caughtUp, 240_000)]);
    stop.abort();
    await ended;
    expect(stats).toMatchObject({ records: 1_000_000, lost: 0, rejected: { unrecognised: 1_000_000 } });
    // Garbage that is not collected yet is in this number too: what a million records would keep is 100 MB and more.
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(64 * 1024 * 1024);
  });
});
