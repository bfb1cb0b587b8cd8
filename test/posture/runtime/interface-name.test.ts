import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interfaceLabel } from '../../../src/posture/runtime/interface-name.ts';

describe('interfaceLabel', () => {
  it.each([
    'eth0',
    'eth0.100',
    'a.b.c',
    'a=b',
    '#x',
    '-dash',
    '*',
    'st*r',
    'q"{',
    'two words',
    'é',
    '日本',
    '𝄞',
    '\ufeff',
    'all1',
    '\x1b[31m',
    '',
  ])('leaves %j as it is', (name) => {
    expect(interfaceLabel(Buffer.from(name))).toBe(name);
  });

  it.each([
    ['5c', '\\x5c'],
    ['715c7b', 'q\\x5c{'],
    ['ff', '\\xff'],
    ['62ff5c', 'b\\xff\\x5c'],
    ['c3', '\\xc3'],
    ['c3a9c3', 'é\\xc3'],
    ['c30ac3a9', '\\xc3\né'],
    ['80', '\\x80'],
    // Overlong, a surrogate, above U+10FFFF, cut short.
    ['c0af', '\\xc0\\xaf'],
    ['c1bf', '\\xc1\\xbf'],
    ['e080af', '\\xe0\\x80\\xaf'],
    ['f08080af', '\\xf0\\x80\\x80\\xaf'],
    ['eda080', '\\xed\\xa0\\x80'],
    ['f4908080', '\\xf4\\x90\\x80\\x80'],
    ['f888808080', '\\xf8\\x88\\x80\\x80\\x80'],
    ['e282', '\\xe2\\x82'],
    ['f09d84', '\\xf0\\x9d\\x84'],
    ['e28241', '\\xe2\\x82A'],
  ])('writes the bytes %s as %s', (hex, label) => {
    expect(interfaceLabel(Buffer.from(hex, 'hex'))).toBe(label);
  });

  it('can be turned back into the bytes, so two names never have one label', () => {
    const byte = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0x5c, 0x78, 0x66, 0xc3, 0xa9, 0xed, 0xe2, 0x82, 0xac),
    );
    const name = fc.array(byte, { maxLength: 15 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(name, (bytes) => unescaped(interfaceLabel(bytes)).equals(bytes)),
      { numRuns: 5_000 },
    );
    fc.assert(fc.property(name, name, (a, b) => a.equals(b) === (interfaceLabel(a) === interfaceLabel(b))));
  });
});

function unescaped(label: string): Buffer {
  const parts = label.split(/(\\x[0-9a-f]{2})/);
  return Buffer.concat(
    parts.map((part) => (part.startsWith('\\') ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part))),
  );
}
