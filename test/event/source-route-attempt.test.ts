import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventKinds } from '../../src/event/kinds.ts';
import { eventParser } from '../../src/event/parse-event.ts';

const PREFIX = 'SRC ROUTE ATTEMPT: ';
const MAC = 'MAC=02:00:5e:00:53:01:02:00:5e:00:53:02:86:dd';
const V6 = 'SRC=2001:0db8:0bad:0000:0000:0000:0000:0070 DST=2001:0db8:0000:0001:0000:0000:0000:0001';
const REST = 'LEN=75 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=UDP SPT=5000 DPT=53 LEN=11 ';
const V4 = 'SRC=198.51.100.20 DST=192.0.2.1 LEN=44 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=UDP SPT=6000 DPT=53 LEN=12 ';

const parserOf = (...prefixes: string[]) => eventParser(eventKinds(prefixes));
const parse = parserOf(PREFIX);
/** Text as a log holds it: one character a byte. */
const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

describe('source_route_attempt', () => {
  it.each([
    ['IPv6 in', `IN=eth0 OUT= ${MAC} ${V6} ${REST}`, 'eth0'],
    ['forwarded', `IN=eth0 OUT=eth1 ${MAC} ${V6} ${REST}`, 'eth0'],
    ['out', `IN= OUT=eth0 ${V6} ${REST}`, ''],
    ['bridged', `IN=br0 OUT=br0 PHYSIN=veth1 PHYSOUT=veth2 ${MAC} ${V6} ${REST}`, 'br0'],
    ['an empty MAC', `IN=tun0 OUT= MAC= ${V6} ${REST}`, 'tun0'],
    ['macdecode', `IN=eth0 OUT= MACSRC=02:00:5e:00:53:02 MACDST=02:00:5e:00:53:01 MACPROTO=86dd ${V6} ${REST}`, 'eth0'],
    [
      'a VLAN',
      `IN=eth0 OUT= MACSRC=02:00:5e:00:53:02 MACDST=02:00:5e:00:53:01 VPROTO=8100 VID=7 MACPROTO=86dd ${V6} ${REST}`,
      'eth0',
    ],
    ['a tunnel', `IN=sit0 OUT= ${MAC} TUNNEL=203.0.113.1->203.0.113.2 ${V6} ${REST}`, 'sit0'],
    [
      'extension headers',
      `IN=eth0 OUT= ${MAC} ${V6} LEN=84 TC=0 HOPLIMIT=64 FLOWLBL=0 OPT ( ) PROTO=TCP SPT=5000 DPT=22 `,
      'eth0',
    ],
    ['nothing after the addresses', `IN=eth0 OUT= ${V6}`, 'eth0'],
  ])('reads a line of %s', (_, line, inInterface) => {
    expect(parse(PREFIX + line)).toEqual({
      event: 'source_route_attempt',
      family: 'ipv6',
      source: '2001:db8:bad::70',
      destination: '2001:db8:0:1::1',
      interface: inInterface,
    });
  });

  it('reads a line of IPv4', () => {
    expect(parse(`${PREFIX}IN=eth0 OUT= ${MAC} ${V4}`)).toEqual({
      event: 'source_route_attempt',
      family: 'ipv4',
      source: '198.51.100.20',
      destination: '192.0.2.1',
      interface: 'eth0',
    });
  });

  it('takes the first SRC=, not that of the packet an ICMP error quotes', () => {
    const quoted =
      '[SRC=2001:0db8:0002:0000:0000:0000:0000:0002 DST=2001:0db8:ffff:0000:0000:0000:0000:0009 LEN=64 PROTO=UDP ] ';
    expect(parse(`${PREFIX}IN=eth0 OUT= ${MAC} ${V6} LEN=136 PROTO=ICMPv6 TYPE=3 CODE=0 ${quoted}`)).toMatchObject({
      source: '2001:db8:bad::70',
      destination: '2001:db8:0:1::1',
    });
  });

  it.each([
    ['in', 'IN=SRC=192.0.2.1 OUT=', 'SRC=192.0.2.1'],
    ['out', 'IN=eth0 OUT=SRC=192.0.2.1', 'eth0'],
    ['physical', 'IN=br0 OUT= PHYSIN=SRC=192.0.2.1', 'br0'],
    ['SRC=', 'IN=SRC= OUT=SRC=', 'SRC='],
    ['with a DST of its own', 'IN=DST=192.0.2.9 OUT=', 'DST=192.0.2.9'],
  ])('is not misled by an interface called SRC=… (%s)', (_, interfaces, inInterface) => {
    expect(parse(`${PREFIX}${interfaces} ${MAC} ${V4}`)).toMatchObject({
      source: '198.51.100.20',
      destination: '192.0.2.1',
      interface: inInterface,
    });
  });

  it('gives IPv4-mapped IPv6 the label of IPv4 and the family of the packet', () => {
    const mapped = '0000:0000:0000:0000:0000:ffff:c000:0201';
    expect(parse(`${PREFIX}IN=eth0 OUT= SRC=${mapped} DST=${mapped} LEN=75 `)).toMatchObject({
      family: 'ipv6',
      source: '192.0.2.1',
      destination: '192.0.2.1',
    });
  });

  it.each([
    ['no SRC=', `IN=eth0 OUT= ${MAC} DST=192.0.2.1 LEN=44 `],
    ['no DST=', 'IN=eth0 OUT= SRC=192.0.2.1 LEN=44 '],
    ['an empty SRC=', 'IN=eth0 OUT= SRC= DST=192.0.2.1 LEN=44 '],
    ['SRC= twice in a row', 'IN=eth0 OUT= SRC=192.0.2.1 SRC=192.0.2.2 DST=192.0.2.3 LEN=44 '],
    ['a lower-case src=', 'IN=eth0 OUT= src=192.0.2.1 DST=192.0.2.3 LEN=44 '],
    ['a bad source', 'IN=eth0 OUT= SRC=192.0.2.256 DST=192.0.2.1 LEN=44 '],
    ['a bad destination', 'IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.x LEN=44 '],
    ['a zone', 'IN=eth0 OUT= SRC=fe80::1%eth0 DST=fe80::2 LEN=44 '],
    ['two families', 'IN=eth0 OUT= SRC=192.0.2.1 DST=2001:db8::1 LEN=44 '],
    ['a mapped and a plain address', 'IN=eth0 OUT= SRC=::ffff:192.0.2.1 DST=192.0.2.2 LEN=44 '],
    ['words between', `IN=eth0 OUT= look here ${V4}`],
    ['no OUT=', `IN=eth0 ${V4}`],
    ['no IN=', `OUT=eth0 ${V4}`],
    ['OUT= first', `OUT= IN=eth0 ${V4}`],
    ['nothing', ''],
    ['ARP', 'IN=eth0 OUT= ARP HTYPE=1 PTYPE=0x0800 OPCODE=1 '],
  ])('refuses a line with %s', (_, line) => {
    expect(parse(PREFIX + line)).toBe('unrecognised');
  });

  it.each([
    `x ${PREFIX}IN=eth0 OUT= ${V4}`,
    ` ${PREFIX}IN=eth0 OUT= ${V4}`,
    `<intr> ${PREFIX}IN=eth0 OUT= ${V4}`,
    `${PREFIX}${PREFIX}IN=eth0 OUT= ${V4}`,
    `${PREFIX}x IN=eth0 OUT= ${V4}`,
  ])('refuses a line that does not begin with the prefix and go on at once: %s', (message) => {
    expect(parse(message)).toBe('unrecognised');
  });

  it.each([`IN=eth0 OUT= ${V4}`, `SRC ROUTE ATTEMPT IN=eth0 OUT= ${V4}`, `src route attempt: IN=eth0 OUT= ${V4}`])(
    'passes over the lines of other rules: %s',
    (message) => {
      expect(parse(message)).toBeUndefined();
    },
  );
});

describe('configured prefixes', () => {
  const line = `IN=eth0 OUT= ${MAC} ${V4}`;
  const event = { event: 'source_route_attempt', source: '198.51.100.20', interface: 'eth0' };

  it.each([
    ['no trailing space', 'RH0', `RH0${line}`],
    ['a separator that the rule adds', 'RH0:', `RH0: ${line}`],
    ['the words of another kind', 'Source Route Failed ', `Source Route Failed ${line}`],
    ['regular expression signs', 'a.*[b]+(c)?$^|', `a.*[b]+(c)?$^|${line}`],
    ['the longest that nftables takes', 'p'.repeat(127), 'p'.repeat(127) + line],
    ['the words of the line', 'IN=eth9 OUT= ', `IN=eth9 OUT= ${line}`],
    ['UTF-8, from a file', 'Angriff \u2192 ä: ', bytes('Angriff \u2192 ä: ') + line],
    ['UTF-8, as the device escapes it', 'ä: ', `\\xc3\\xa4: ${line}`],
    ['a backslash, from a file', 'a\\b: ', `a\\b: ${line}`],
    ['a backslash, as the device escapes it', 'a\\b: ', `a\\x5cb: ${line}`],
    ['a tab, from a file', 'a\tb: ', `a\tb: ${line}`],
    ['a tab, as the device escapes it', 'a\tb: ', `a\\x09b: ${line}`],
  ])('may have %s', (_, prefix, message) => {
    expect(parserOf(prefix)(message)).toMatchObject(event);
  });

  it('do not take the place of each other', () => {
    const parse = parserOf('A: ', 'B: ', 'A: B: ');
    for (const prefix of ['A: ', 'B: ', 'A: B: ']) expect(parse(prefix + line)).toMatchObject(event);
    expect(parse(`B: A: ${line}`)).toBe('unrecognised');
    expect(parse(`C: ${line}`)).toBeUndefined();
    expect(parse(PREFIX + line)).toBeUndefined();
  });

  it('match a text that begins another prefix only as far as it goes', () => {
    const parse = parserOf('AB', 'A');
    expect(parse(`A${line}`)).toMatchObject(event);
    expect(parse(`AB${line}`)).toMatchObject(event);
    expect(parse(`ABC${line}`)).toBe('unrecognised');
  });

  it('are compared as they are, in both spellings, whatever their characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 29 }).filter((text) => text.trim() !== ''),
        (prefix) => {
          const raw = bytes(prefix);
          const escaped = [...raw]
            .map((byte) => {
              const code = byte.charCodeAt(0);
              return code < 0x20 || code >= 0x7f || byte === '\\' ? `\\x${code.toString(16).padStart(2, '0')}` : byte;
            })
            .join('');
          const parse = parserOf(prefix);
          expect(parse(raw + line)).toMatchObject(event);
          expect(parse(escaped + line)).toMatchObject(event);
        },
      ),
    );
  });
});
