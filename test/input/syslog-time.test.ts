import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { syslogTime } from '../../src/input/syslog-time.ts';

/** Local time, as the stamps of RFC 3164 are. */
const local = (text: string) => new Date(text).getTime();

describe('syslogTime', () => {
  const NOW = local('2026-11-22T12:00:00');

  it.each([
    ['2026-11-22T09:41:35.971413+00:00', '2026-11-22T09:41:35.971Z'],
    ['2026-11-22T09:41:35Z', '2026-11-22T09:41:35Z'],
    ['2026-11-22T09:41:35-03:30', '2026-11-22T13:11:35Z'],
    ['1999-12-31T23:59:59+14:00', '1999-12-31T09:59:59Z'],
  ])('reads %s', (stamp, time) => {
    expect(syslogTime(stamp, Date.parse('2027-01-01T00:00:00Z'))).toBe(Date.parse(time) / 1000);
  });

  it.each([
    ['today', 'Nov 22 09:41:35', '2026-11-22T12:00:00', '2026-11-22T09:41:35'],
    ['a one-digit day', 'Nov  2 09:41:35', '2026-11-22T12:00:00', '2026-11-02T09:41:35'],
    ['earlier in the year', 'Jan  1 00:00:00', '2026-11-22T12:00:00', '2026-01-01T00:00:00'],
    ['late in the last year', 'Dec 31 23:59:59', '2026-11-22T12:00:00', '2025-12-31T23:59:59'],
    ['the second before New Year', 'Dec 31 23:59:59', '2027-01-01T00:00:01', '2026-12-31T23:59:59'],
    ['the second after New Year', 'Jan  1 00:00:00', '2027-01-01T00:00:01', '2027-01-01T00:00:00'],
    ['last New Year', 'Jan  1 00:00:00', '2026-12-30T12:00:00', '2026-01-01T00:00:00'],
    ['nearly a year ago', 'Nov 24 12:00:00', '2026-11-22T12:00:00', '2025-11-24T12:00:00'],
    ['a little in the future: the present', 'Nov 22 12:00:05', '2026-11-22T12:00:00', '2026-11-22T12:00:00'],
    ['leap day, on it', 'Feb 29 10:00:00', '2028-02-29T12:00:00', '2028-02-29T10:00:00'],
    ['leap day, in the same year', 'Feb 29 10:00:00', '2028-11-22T12:00:00', '2028-02-29T10:00:00'],
    ['leap day, the day after', 'Feb 29 10:00:00', '2028-03-01T12:00:00', '2028-02-29T10:00:00'],
    ['leap day, in the January after', 'Feb 29 10:00:00', '2029-01-05T12:00:00', '2028-02-29T10:00:00'],
    ['the day before leap day', 'Feb 28 10:00:00', '2028-02-29T12:00:00', '2028-02-28T10:00:00'],
  ])('infers the year of %s', (_, stamp, now, time) => {
    expect(syslogTime(stamp, local(now))).toBe(local(time) / 1000);
  });

  it('finds leap day in the last year that had one', () => {
    expect(syslogTime('Feb 29 10:00:00', local('2029-11-22T12:00:00'))).toBe(local('2028-02-29T10:00:00') / 1000);
  });

  it.each(['2026-11-22T12:00:01', '2099-01-01T00:00:00'])('takes no time after the present: %s', (time) => {
    expect(syslogTime(`${time}+00:00`, Date.parse('2026-11-22T12:00:00Z'))).toBe(
      Date.parse('2026-11-22T12:00:00Z') / 1000,
    );
  });

  it.each(['-', '', 'Foo 22 09:41:35', 'Nov 22 25:41:35', 'Nov 99 09:41:35', '2026-13-22T09:41:35Z'])(
    'knows no time of %j',
    (stamp) => {
      expect(syslogTime(stamp, NOW)).toBeUndefined();
    },
  );

  it('reads back every time of the last eleven months', () => {
    const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2024-01-01T00:00:00Z'), max: new Date('2032-01-01T00:00:00Z'), noInvalidDate: true }),
        fc.nat(330 * 86_400),
        (now, ago) => {
          const date = new Date(Math.floor(now.getTime() / 1000) * 1000 - ago * 1000);
          const clock = [date.getHours(), date.getMinutes(), date.getSeconds()]
            .map((part) => String(part).padStart(2, '0'))
            .join(':');
          const stamp = `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2)} ${clock}`;
          const time = syslogTime(stamp, now.getTime()) as number;
          // In the hour that a clock change repeats, a stamp means either of two times.
          expect(Math.abs(time - date.getTime() / 1000) % 3_600).toBe(0);
          expect(Math.abs(time - date.getTime() / 1000)).toBeLessThanOrEqual(3_600);
        },
      ),
    );
  });
});
