import { describe, expect, it } from 'vitest';
import { parseWrittenInt } from '../../../src/posture/boot/parse-written-int.ts';

describe('parseWrittenInt', () => {
  it.each<[text: string, value: number]>([
    ['0', 0],
    ['-1', -1],
    ['-0', 0],
    ['2147483647', 2_147_483_647],
    ['-2147483648', -2_147_483_648],
    ['0x0', 0],
    ['0X1f', 31],
    ['-0x10', -16],
    ['010', 8],
    ['00', 0],
    [' \t\v\f\r\n\xa01', 1],
    ['3 4', 3],
    ['5\t# c', 5],
    ['6\nx', 6],
    ['1 = 0', 1],
    [`${'0'.repeat(19)}7`, 7],
  ])('%j is %d', (text, value) => {
    expect(parseWrittenInt(text)).toBe(value);
  });

  it.each([
    ...[
      '',
      ' ',
      '-',
      '- 1',
      '--1',
      '+1',
      'no',
      '0x',
      '0xg',
      '08',
      '018',
      '1,2',
      '0;',
      '0#d',
      '1\r',
      '1\v',
      '1\xa0',
      '"1"',
      '\\',
    ],
    ...['2147483648', '-2147483649', '0xffffffff', '99999999999999999999', '0'.repeat(21), `-${'0'.repeat(20)}`],
  ])('refuses %j', (text) => {
    expect(parseWrittenInt(text)).toBeUndefined();
  });
});
