import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKmsg, unescapeKmsg } from '../../src/input/parse-kmsg.ts';
import { capture } from '../event/fixtures.ts';

const MESSAGE = 'IPv4: source route option 198.51.100.20 -> 192.0.2.1';

describe('parseKmsg', () => {
  it('reads a record of the device', () => {
    expect(parseKmsg(`6,410,82740959,-;${MESSAGE}\n`)).toEqual({
      facility: 0,
      sequence: 410,
      microseconds: 82_740_959,
      message: MESSAGE,
    });
  });

  it.each([
    ['a caller that is a task', `6,410,82740959,-,caller=T12;${MESSAGE}\n`],
    ['a caller that is a CPU', `6,410,82740959,-,caller=C0;${MESSAGE}\n`],
    ['fields that nobody knows yet', `6,410,82740959,-,caller=T1,colour=blue,,x;${MESSAGE}\n`],
    ['a fragment', `6,410,82740959,c;${MESSAGE}\n`],
    ['the rest of a fragment', `6,410,82740959,+;${MESSAGE}\n`],
    ['no line end, as in a capture', `6,410,82740959,-;${MESSAGE}`],
    ['a dictionary', `6,410,82740959,-;${MESSAGE}\n SUBSYSTEM=net\n DEVICE=n2\n`],
    ['a dictionary that lies', `6,410,82740959,-;${MESSAGE}\n 6,411,1,-;${MESSAGE}\n`],
  ])('reads a record with %s', (_, record) => {
    expect(parseKmsg(record)).toEqual({ facility: 0, sequence: 410, microseconds: 82_740_959, message: MESSAGE });
  });

  it.each([
    [0, 0],
    [6, 0],
    [7, 0],
    [8, 1],
    [11, 1],
    [12, 1],
    [30, 3],
    [128, 16],
    [191, 23],
    [2047, 255],
    [999_999_999, 124_999_999],
  ])('gives prefix %d the facility %d', (prefix, facility) => {
    expect(parseKmsg(`${prefix},1,1,-;text`)?.facility).toBe(facility);
  });

  it.each(['4294967296', '4294967297', '34359738368'])('does not take prefix %s for the kernel', (prefix) => {
    expect(parseKmsg(`${prefix},1,1,-;text`)?.facility).not.toBe(0);
  });

  it.each([
    ['0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads the sequence number %s', (text, sequence) => {
    expect(parseKmsg(`6,${text},1,-;text`)?.sequence).toBe(sequence);
  });

  it.each([
    '-1',
    '9007199254740992',
    '18446744073709551615',
    '1e9',
    '0x10',
    '1.5',
    '',
    ' 1',
    '100000000000000000000000',
  ])('refuses the sequence number %j', (text) => {
    expect(parseKmsg(`6,${text},1,-;text`)).toBeUndefined();
  });

  it.each(['0', '18446744073709551615'])('reads the time %s', (text) => {
    expect(parseKmsg(`6,1,${text},-;text`)?.microseconds).toBe(Number(text));
  });

  it.each([
    '',
    '\n',
    ';',
    'text',
    ' SUBSYSTEM=net',
    ' 6,1,1,-;text',
    '6',
    '6,1',
    '6,1,1',
    '6,1,1,-',
    '6,1,1,-text',
    '6,1,1;text',
    '6,1,1,;text',
    '6,1,1,x;text',
    '6,1,1,--;text',
    '6,1,1,-caller=T1;text',
    '6,1,1,-,caller=T1\n;text',
    '-6,1,1,-;text',
    '<6>1,1,1,-;text',
    '6, 1,1,-;text',
    '6,1,-1,-;text',
    ',1,1,-;text',
    '\x006,1,1,-;text',
    '6,1,1,-\0;text',
  ])('refuses %j', (record) => {
    expect(parseKmsg(record)).toBeUndefined();
  });

  it('splits at the first semicolon', () => {
    expect(parseKmsg('6,1,1,-;a;b;c')?.message).toBe('a;b;c');
    expect(parseKmsg('6,1,1,-;')?.message).toBe('');
    expect(parseKmsg('6,1,1,-;;')?.message).toBe(';');
  });

  it('leaves escapes, quotes and NULs in the message as they are', () => {
    const message = 'tab\\x09here esc\\x1b[31m backslash\\x5c utf8 \\xc3\\xa9 quote" nul\0 end';
    expect(parseKmsg(`12,522,201581082,-;${message}\n`)?.message).toBe(message);
  });

  it('reads no event out of a record that is cut anywhere', () => {
    const whole = `6,410,82740959,-,caller=T12;${MESSAGE}\n`;
    for (let end = 0; end < whole.length; end++) {
      const message = parseKmsg(whole.slice(0, end))?.message;
      expect(message === undefined || MESSAGE.startsWith(message)).toBe(true);
    }
  });

  it('gives back what is written in the form of the device', () => {
    const message = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.maxSafeNat(),
        fc.maxSafeNat(),
        fc.constantFrom('-', 'c', '+'),
        fc.constantFrom('', ',caller=T7', ',caller=C0,x=y'),
        message,
        (prefix, sequence, microseconds, flag, more, message) => {
          expect(parseKmsg(`${prefix},${sequence},${microseconds},${flag}${more};${message}\n A=b\n`)).toEqual({
            facility: Math.floor(prefix / 8),
            sequence,
            microseconds,
            message,
          });
        },
      ),
    );
  });

  it.each([
    ['5.10.0-32-amd64.kmsg.raw', 528],
    ['6.1.0-56-amd64.kmsg.raw', 524],
    ['6.18.host-netns.kmsg.raw', 30],
  ])('reads each record of %s, and no dictionary line', (name, records) => {
    const parsed = capture(name)
      .split('\n')
      .flatMap((line) => parseKmsg(line) ?? []);
    expect(parsed).toHaveLength(records);
    const first = parsed[0]?.sequence ?? 0;
    expect(parsed.map(({ sequence }) => sequence)).toEqual(parsed.map((_, index) => first + index));
  });
});

describe('unescapeKmsg', () => {
  it.each([
    ['plain', 'plain'],
    ['tab\\x09here', 'tab\there'],
    ['back\\x5cslash', 'back\\slash'],
    ['\\x5cx41', '\\x41'],
    ['utf8 \\xc3\\xa9', 'utf8 é'],
    ['\\xe2\\x80\\xae', '\u202e'],
    ['\\xff', '\ufffd'],
    ['\\x4', '\\x4'],
    ['\\xZZ', '\\xZZ'],
    ['\xc3\xa9', 'é'],
  ])('shows %j as %j', (message, text) => {
    expect(unescapeKmsg(message)).toBe(text);
  });

  it('undoes what the device does to any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = [...Buffer.from(text, 'utf8')]
          .map((byte) =>
            byte < 0x20 || byte >= 0x7f || byte === 0x5c
              ? `\\x${byte.toString(16).padStart(2, '0')}`
              : String.fromCharCode(byte),
          )
          .join('');
        expect(unescapeKmsg(escaped)).toBe(text);
      }),
    );
  });
});
