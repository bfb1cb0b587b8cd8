import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../src/commands/flags/parse-duration.ts';

describe('parseDuration', () => {
  it.each([
    ['1ms', 1],
    ['500ms', 500],
    ['5s', 5_000],
    ['10m', 600_000],
    ['24h', 86_400_000],
    ['2147483s', 2_147_483_000],
    ['596h', 2_145_600_000],
  ])('reads %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    '',
    '5',
    's',
    '0s',
    '-5s',
    '5 s',
    ' 5s',
    '5s ',
    '1.5s',
    '1e3s',
    '5S',
    '5d',
    '1h30m',
    '597h',
    '9999999999ms',
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(
      new SyntaxError(`Cannot use "${text}": expected a duration such as 500ms, 5s, 10m or 24h`),
    );
  });
});
