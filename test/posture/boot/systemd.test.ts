import { describe, expect, it } from 'vitest';
import { SYSTEMD } from '../../../src/posture/boot/systemd.ts';

describe('lines of systemd', () => {
  it.each<[text: string, lines: string[]]>([
    ['', []],
    ['a', ['a']],
    ['a\nb\n', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['a\rb', ['a', 'b']],
    ['a\0b', ['a', 'b']],
    ['a\n\nb', ['a', '', 'b']],
    ['a\n\r\n\rb', ['a', '', 'b']],
    ['a\r\r\nb', ['a', '', 'b']],
    ['a\n\r\0b\0\0', ['a', 'b', '']],
    ['a\0\nb', ['a', '', 'b']],
  ])('%j', (text, lines) => {
    expect([...SYSTEMD.lines(text)]).toEqual(lines.map((line, index) => ({ number: index + 1, text: line })));
  });
});
