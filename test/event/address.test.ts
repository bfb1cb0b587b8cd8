import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../src/event/address.ts';
import { ipv4Text, ipv6Groups, ipv6Spelling, rfc5952 } from './addresses.ts';

/** ipaddr.js takes the obsolete `::192.0.2.1` for a mapped address; RFC 4291 and the kernel do not. */
const isReadAlike = (text: string) => !/^[0:]*:(?:\d+\.){3}\d+$/.test(text);

describe('canonicalAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:0db8:0bad:0000:0000:0000:0000:0070', '2001:db8:bad::70'],
    ['2001:db8:bad::70', '2001:db8:bad::70'],
    ['2001:DB8:BAD::70', '2001:db8:bad::70'],
    ['0000:0000:0000:0000:0000:0000:0000:0000', '::'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['fe80::bad', 'fe80::bad'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0000:0000:0000:0000:0000:ffff:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:255.255.255.255', '255.255.255.255'],
    ['::ffff:0.0.0.0', '0.0.0.0'],
    ['::192.0.2.1', '::c000:201'],
    ['::ffff:0:192.0.2.1', '::ffff:0:c000:201'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['0:1:2:3:4:5:6:7', '0:1:2:3:4:5:6:7'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['0:0:1::', '0:0:1::'],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  it.each([
    '',
    ' ',
    ' 192.0.2.1',
    '192.0.2.1 ',
    '192.0.2.1\n',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '0300.0.2.1',
    '0xc0.0.2.1',
    '3221225985',
    '192.0.2.1/24',
    '192.0.2.1:80',
    'other',
    'unknown',
    'localhost',
    ':',
    ':::',
    '1::2::3',
    '12345::',
    'g::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '[::1]',
    '2001:db8::/32',
    '::ffff:192.0.2.256',
    '::192.0.2.1:1',
    'fe80::1%eth0',
    'fe80::1%',
    '::ffff:192.0.2.1%eth0',
    '192.0.2.1%eth0',
    '\u0661\u0662.0.2.1',
  ])('takes %j for no address', (text) => {
    expect(canonicalAddress(text)).toBeUndefined();
  });

  it('writes every spelling of an IPv6 address as RFC 5952 does', () => {
    fc.assert(
      fc.property(
        ipv6Groups.chain((groups) => fc.tuple(fc.constant(groups), ipv6Spelling(groups))),
        ([groups, text]) => {
          const address = new ipaddr.IPv6([...groups]);
          const oracle = address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : rfc5952(groups);
          expect(canonicalAddress(text)).toBe(oracle);
          if (isReadAlike(text)) expect(ipaddr.process(text)).toEqual(ipaddr.process(oracle));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('agrees with ipaddr.js on the canonical text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        fc.pre(isReadAlike(text));
        const parsed = ipaddr.process(text);
        const oracle = parsed.kind() === 'ipv6' ? (parsed as ipaddr.IPv6).toRFC5952String() : parsed.toString();
        expect(canonicalAddress(text)).toBe(oracle);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves IPv4 as it is', () => {
    fc.assert(fc.property(ipv4Text, (text) => canonicalAddress(text) === text));
  });

  it('is at rest after one application', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const once = canonicalAddress(text) as string;
        expect(canonicalAddress(once)).toBe(once);
      }),
    );
  });

  it('gives a valid address or nothing for any text', () => {
    const unit = fc.constantFrom(...'0123456789abcdefABCDEF::::....%/ []xg');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 45 }), (text) => {
        const canonical = canonicalAddress(text);
        if (canonical !== undefined && isReadAlike(text))
          expect(ipaddr.process(canonical)).toEqual(ipaddr.process(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
