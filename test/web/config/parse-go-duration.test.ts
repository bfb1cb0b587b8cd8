import { expect, it } from 'vitest';
import { parseGoDuration } from '../../../src/web/config/parse-go-duration.ts';

it.each([
  ['0', 0],
  ['0s', 0],
  ['1s', 1_000],
  ['250ms', 250],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['2.s', 2_000],
  ['500us', 0.5],
  ['500µs', 0.5],
  ['500μs', 0.5],
  ['1000ns', 0.001],
])('%j is %d ms', (text, milliseconds) => {
  expect(parseGoDuration(text)).toBe(milliseconds);
});

it.each(['', '1', '5', 's', '1d', '-1s', '+1s', '1 s', '1s ', '1.2.3s', '.s', '1S', '1e3s'])('%j is none', (text) => {
  expect(parseGoDuration(text)).toBeUndefined();
});
