import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lines, MAX_LINE_BYTES } from '../../src/input/lines.ts';

/** What a text gives in the given chunks: its lines, and `null` for each one that was too long. */
function split(chunks: readonly string[]) {
  const found: (string | null)[] = [];
  const lines = new Lines(
    (text, start, end) => found.push(text.slice(start, end)),
    () => found.push(null),
  );
  for (const chunk of chunks) lines.push(chunk);
  return { found, unfinishedBytes: lines.unfinishedBytes, lines };
}

/** A text cut at the given places. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}

describe('Lines', () => {
  it.each([
    ['', []],
    ['no end', []],
    ['a\n', ['a']],
    ['a\nb\n', ['a', 'b']],
    ['\n\na\n', ['', '', 'a']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['\r\n', ['']],
    ['a\rb\n', ['a\rb']],
    ['a\r\r\n', ['a\r']],
    ['a\0b\n', ['a\0b']],
    ['\xff\xfe\n', ['\xff\xfe']],
    ['a\u0085b\x0bc\x0cd\n', ['a\u0085b\x0bc\x0cd']],
  ])('splits %j into %j', (text, expected) => {
    expect(split([text]).found).toEqual(expected);
  });

  it('keeps what has no end yet', () => {
    const { found, unfinishedBytes } = split(['a\nhal', 'f a l', 'ine']);
    expect(found).toEqual(['a']);
    expect(unfinishedBytes).toBe('half a line'.length);
  });

  it('puts an end that is split over two chunks together', () => {
    expect(split(['a\r', '\nb\r', '\n']).found).toEqual(['a', 'b']);
  });

  it.each([
    ['the limit', MAX_LINE_BYTES, false],
    ['one byte more', MAX_LINE_BYTES + 1, true],
    ['many times the limit', 10 * 1024 * 1024, true],
  ])('takes a line of %s', (_, length, isTooLong) => {
    const line = 'x'.repeat(length);
    expect(split([`a\n${line}\nb\n`]).found).toEqual(['a', isTooLong ? null : line, 'b']);
  });

  it('skips a line that is too long whole, also the part that looks like a line of its own', () => {
    const long = 'x'.repeat(MAX_LINE_BYTES);
    const { found } = split([long, 'Nov 22 09:41:35 host kernel: forged', long, '\nnext\n']);
    expect(found).toEqual([null, 'next']);
  });

  it('knows how long the unfinished line is also while it skips it', () => {
    expect(split(['a\n', 'x'.repeat(MAX_LINE_BYTES), 'yyy']).unfinishedBytes).toBe(MAX_LINE_BYTES + 3);
  });

  it('forgets the unfinished line when told to, be it kept or skipped', () => {
    const { found, lines } = split(['half']);
    lines.reset();
    lines.push('whole\n');
    lines.push('x'.repeat(MAX_LINE_BYTES + 1));
    lines.reset();
    lines.push('next\n');
    expect(found).toEqual(['whole', 'next']);
    expect(lines.unfinishedBytes).toBe(0);
  });

  it('gives the same lines whatever the chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', '\0', '\xe9'), maxLength: 200 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (text, places) => {
        const { found, unfinishedBytes } = split(cut(text, places));
        const parts = text.split('\n');
        const rest = parts.pop() as string;
        expect(found).toEqual(parts.map((part) => part.replace(/\r$/, '')));
        expect(unfinishedBytes).toBe(rest.length);
      }),
      { numRuns: 500 },
    );
  });

  it('finds the same lines too long whatever the chunks', () => {
    const length = fc.oneof(fc.nat(10), fc.integer({ min: MAX_LINE_BYTES - 1, max: MAX_LINE_BYTES + 2 }));
    fc.assert(
      fc.property(fc.array(length, { maxLength: 4 }), fc.array(fc.nat(5 * MAX_LINE_BYTES)), (lengths, places) => {
        const text = lengths.map((length) => `${'x'.repeat(length)}\n`).join('');
        const expected = lengths.map((length) => (length > MAX_LINE_BYTES ? null : length));
        expect(split(cut(text, places)).found.map((line) => line?.length ?? null)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});
