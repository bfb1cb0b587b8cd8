import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineJudge, type Sighting } from '../../../src/scan/lines/line-judge.ts';
import { LineScanner } from '../../../src/scan/lines/line-scanner.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const PREFIX = 'SRC ROUTE ATTEMPT: ';
const OPTION = 'IPv4: source route option 198.51.100.20 -> 192.0.2.1';

/** Scans bytes, one character each, in blocks of some size; looks at each line or only where it is worth it. */
function scan(text: string, { looksAtAll = false, block = 100_000, prefixes = [PREFIX] } = {}) {
  const seen: Sighting[] = [];
  const scanner = new LineScanner(new LineJudge(prefixes, NOW), looksAtAll);
  scanner.begin({ onEvent: (sighting) => seen.push(sighting) });
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; ) {
    const copied = bytes.copy(scanner.room, 0, at, Math.min(bytes.length, at + block));
    scanner.take(copied);
    at += copied;
  }
  return { ...scanner.end(), seen };
}

/** Beginnings of lines in all forms, and of some that are none. */
const HEADERS = [
  'Nov 22 09:41:35 host kernel: ',
  'Nov  2 09:41:35 host kernel: [  194.290970] ',
  '<4>Nov 22 09:41:35 host kernel: ',
  '<13>Nov 22 09:41:35 host kernel: ',
  '2026-11-22T09:41:35.971413+00:00 a.very.long.host.name.example.com kernel: ',
  '2026-11-22T09:41:35Z host other[1]: ',
  '2026-11-22T09:41:35+0000 host kernel: ',
  'Nov 22 09:41:35.971413 host kernel: ',
  '<4>1 2026-11-22T09:41:35.971413+00:00 host kernel - - - ',
  '<4>1 - host kernel - - [x y="1"] ',
  '6,41,82740959,-;',
  '6,42,82740960,-;',
  '12,47,82740960,-,caller=T1;',
  '[  194.290970] ',
  '[14389.600576] ',
  '[  194.290970][   T12] ',
  '[Sun Nov 22 09:41:53 2026] ',
  '2026-11-22T09:41:53,290970+00:00 ',
  '<4>[  194.290970] ',
  '<12>[  194.290970] ',
  'kern  :warn  : [  194.290970] ',
  'user  :err   : 2026-11-22T09:41:53,290970+00:00 ',
  '{"_TRANSPORT":"kernel","SYSLOG_FACILITY":"0","MESSAGE":"',
  ' ',
  'Nov 22 09:41:3',
  '',
  '[',
  '6,41',
];

const TEXTS = [
  OPTION,
  'icmp: 203.0.113.9: Source Route Failed',
  `${PREFIX}IN=eth0 OUT= SRC=198.51.100.20 DST=192.0.2.1 LEN=44 `,
  'message repeated 3 times: [ IPv4: source route option 198.51.100.20 -> 192.0.2.1]',
  'net_ratelimit: 7 callbacks suppressed',
  'eth0: renamed from veth1',
  'IPv4: martian source 198.51.100.20 from 192.0.2.1, on dev eth0',
  '',
  'x"}',
  '\r',
  '\0\xff\x80',
];

const line = fc
  .tuple(fc.constantFrom(...HEADERS), fc.constantFrom(...TEXTS), fc.constantFrom('\n', '\n', '\r\n', '"}\n'))
  .map((parts) => parts.join(''));

describe('LineScanner', () => {
  it('finds by comparison what it finds by looking at each line', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 1, max: 300 }), (lines, block) => {
        const text = lines.join('');
        expect(scan(text, { block })).toEqual(scan(text, { looksAtAll: true }));
      }),
      { numRuns: 300 },
    );
  });

  it('finds the same in any bytes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            line,
            fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
          ),
          { maxLength: 30 },
        ),
        (pieces) => {
          const text = pieces.join('');
          expect(scan(text)).toEqual(scan(text, { looksAtAll: true }));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds an event wherever it stands in a block', () => {
    const event = `Nov 22 09:41:35 host kernel: ${OPTION}\n`;
    for (let before = 0; before < 40; before++) {
      const text = `Nov 22 09:41:35 host kernel: ${'x'.repeat(before)}\n${event}`;
      expect(scan(text.repeat(20)).seen.length, `after ${before}`).toBe(20);
    }
  });

  it('counts all of a form whose header is longer than what is compared', () => {
    const host = 'h'.repeat(80);
    const { tally, seen } = scan(`Nov 22 09:41:35 ${host} kernel: ${OPTION}\n`.repeat(50));
    expect({ records: tally.records, seen: seen.length }).toEqual({ records: 50, seen: 50 });
  });

  it('finds prefixes of any length and number', () => {
    const prefixes = [
      'A',
      'BC',
      'é\\"',
      'x'.repeat(127),
      ...Array.from({ length: 80 }, (_, n) => `prefix ${n} `.repeat(9)),
    ];
    const text = prefixes
      .map((prefix) => Buffer.from(prefix, 'utf8').toString('latin1'))
      .map((prefix) => `Nov 22 09:41:35 host kernel: ${prefix}IN=eth0 OUT= SRC=198.51.100.20 DST=192.0.2.1 LEN=44 \n`)
      .join('');
    expect(scan(text, { prefixes }).seen.length).toBe(prefixes.length);
  });

  it('does not count a line without an end, and says how long it is', () => {
    const { tally, seen, unfinishedBytes } = scan(`Nov 22 09:41:35 host kernel: ${OPTION}`);
    expect({ records: tally.records, seen, unfinishedBytes }).toEqual({ records: 0, seen: [], unfinishedBytes: 81 });
  });

  it('skips a line over 64 KiB whole, and goes on after it', () => {
    const event = `Nov 22 09:41:35 host kernel: ${OPTION}\n`;
    for (const length of [65_537, 200_000, 262_144, 1_000_000]) {
      const text = `${event}Nov 22 09:41:35 host kernel: ${OPTION}${'x'.repeat(length)}\n${event}`;
      const { tally, seen, unfinishedBytes } = scan(text);
      expect(seen.length).toBe(2);
      expect(tally.rejected.oversize).toBe(1);
      expect(tally.records).toBe(3);
      expect(unfinishedBytes).toBe(0);
    }
  });

  it('counts what is lost between sequence numbers', () => {
    const record = (sequence: number) => `6,${sequence},1,-;eth0: up\n SUBSYSTEM=net\n`;
    const { tally, firstSequence, nextSequence } = scan([5, 6, 9, 10, 11, 20, 3].map(record).join(''));
    expect({ lost: tally.lost, records: tally.records, malformed: tally.rejected.malformed }).toEqual({
      lost: 10,
      records: 7,
      malformed: 0,
    });
    expect({ firstSequence, nextSequence }).toEqual({ firstSequence: 5, nextSequence: 4 });
  });

  it('takes the number of a raw line for the kernel only up to 7', () => {
    const { tally, seen } = scan(`<6>[    1.000000] ${OPTION}\n<12>[    1.000000] ${OPTION}\n`);
    expect({ seen: seen.length, userspace: tally.rejected.userspace }).toEqual({ seen: 1, userspace: 1 });
  });

  it('reads messages of the journal that are no text', () => {
    const bytes = JSON.stringify([...Buffer.from(OPTION)]);
    const entry = (message: string, facility = '0') =>
      `{"SYSLOG_FACILITY":"${facility}","_TRANSPORT":"kernel","__REALTIME_TIMESTAMP":"1795458613981000","MESSAGE":${message}}\n`;
    const { tally, seen } = scan(
      `${entry(bytes)}${entry(JSON.stringify(OPTION))}${entry(bytes, '1')}${entry('null')}{"MESSAGE":"${OPTION}\n`,
    );
    expect(seen.map(({ time, clock }) => ({ time, clock }))).toEqual([
      { time: 1_795_458_613.981, clock: 'epoch' },
      { time: 1_795_458_613.981, clock: 'epoch' },
    ]);
    expect({ userspace: tally.rejected.userspace, malformed: tally.rejected.malformed }).toEqual({
      userspace: 1,
      malformed: 1,
    });
  });
});
