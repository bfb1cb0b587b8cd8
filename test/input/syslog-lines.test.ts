import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Lines } from '../../src/input/lines.ts';
import { Needles } from '../../src/input/needles.ts';
import { type LogRecord, newInputStats } from '../../src/input/record.ts';
import { SyslogLines, syslogInput } from '../../src/input/syslog.ts';
import { createLog } from '../../src/log/log.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HEADER = '2026-11-22T09:41:35+00:00 host kernel: ';
const EVENT = 'IPv4: source route option 198.51.100.20 -> 192.0.2.1';

function read(text: string, chunk = text.length) {
  const stats = newInputStats();
  const records: LogRecord[] = [];
  const syslog = new SyslogLines(stats, ['source route option'], () => NOW);
  const lines = new Lines(
    (part, start, end) => records.push(...[syslog.read(part, start, end) ?? []].flat()),
    () => {},
  );
  for (let i = 0; i < text.length; i += chunk) lines.push(text.slice(i, i + chunk));
  return { stats, records, syslog };
}

describe('SyslogLines', () => {
  it('hands on the lines that may be ours, and counts the others', () => {
    const text = `${HEADER}one\n${HEADER}${EVENT}\nno syslog\n\n${HEADER}two\n`;
    for (const chunk of [1, 7, 50, 500]) {
      const { stats, records } = read(text, chunk);
      expect(records.map(({ message }) => message)).toEqual([EVENT]);
      expect(stats).toMatchObject({ records: 5, rejected: { malformed: 2 } });
    }
  });

  it('counts a repetition of the line before it as so many, in whatever chunks they come', () => {
    const text = `${HEADER}[    1.000000] ${EVENT}\n${HEADER}message repeated 3 times: [ [    1.000000] ${EVENT}]\n`;
    for (const chunk of [1, 30, 100, 1_000]) {
      const { stats, records } = read(text, chunk);
      expect(records.map(({ message, repeat }) => [message, repeat])).toEqual([
        [EVENT, 1],
        [EVENT, 3],
      ]);
      expect(stats.records).toBe(4);
    }
  });

  it.each([
    ['of nothing', ''],
    ['of another message', `${HEADER}IPv4: source route option 198.51.100.99 -> 192.0.2.1\n`],
    ['that does not follow at once', `${HEADER}${EVENT}\n${HEADER}something else\n`],
  ])('takes a repetition %s for one record that is no event', (_, before) => {
    const { stats, records } = read(`${before}${HEADER}message repeated 900000 times: [ ${EVENT}]\n`);
    expect(records.at(-1)).toMatchObject({ repeat: 1, message: `message repeated 900000 times: [ ${EVENT}]` });
    expect(stats.records).toBe(before.split('\n').length);
  });

  it('counts a repetition of the line that was there before it began', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'syslog-lines-')), 'kern.log');
    writeFileSync(path, `${HEADER}other\n${HEADER}${EVENT}\n`);
    let ms = NOW;
    const clocks = { now: () => ms, monotonic: () => 0 };
    const log = createLog(
      'error',
      'logfmt',
      () => {},
      () => NOW,
    );
    const input = syslogInput(path, ['source route option'], 'end', log, clocks);
    onTestFinished(() => {
      input.close();
      rmSync(dirname(path), { recursive: true });
    });
    expect(input.step().records).toEqual([]);
    appendFileSync(path, `${HEADER}message repeated 3 times: [ ${EVENT}]\n`);
    ms += 1_000;
    const records = [...input.step().records, ...input.step().records];
    expect(records.map(({ message, repeat }) => [message, repeat])).toEqual([[EVENT, 3]]);
  });

  it('knows when the last line was logged', () => {
    const { syslog } = read(`${HEADER}one\nNov 22 10:00:00 host kernel: two\n`);
    expect(syslog.lastTime()).toBe(new Date(2026, 10, 22, 10).getTime() / 1000);
    expect(read(`${HEADER}one\ngarbage\n`).syslog.lastTime()).toBeUndefined();
  });
});

describe('Needles', () => {
  it('finds them in the parts that hold them, and in no other', () => {
    const word = fc.constantFrom('ab', 'a.', 'b(c', 'x\\y', '\xc3\xa9');
    const line = fc.array(fc.oneof(word, fc.constantFrom('a', 'b', '.', ' ', 'c', '\\')), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), fc.array(line, { maxLength: 20 }), (words, lines) => {
        const needles = new Needles(words);
        const texts = lines.map((pieces) => pieces.join(''));
        // The second text is another that reads the same.
        for (const text of [texts.join('\n'), texts.join('\n')]) {
          let start = 0;
          for (const expected of texts) {
            const end = start + expected.length;
            expect(needles.areIn(text, start, end)).toBe(words.some((each) => expected.includes(each)));
            start = end + 1;
          }
        }
      }),
    );
  });
});
