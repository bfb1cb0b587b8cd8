import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../src/event/address.ts';
import { knownSenders, originOf } from '../../src/event/origin.ts';

const own = new Set(['192.0.2.1', '2001:db8::1']);

describe('originOf', () => {
  const known = knownSenders(['192.0.2.0/24=office', '2001:db8::/32=lab']);

  it.each([
    [undefined, 'unknown'],
    ['192.0.2.1', 'local'],
    ['2001:db8::1', 'local'],
    ['192.0.2.2', 'known'],
    ['2001:db8:ffff::1', 'known'],
    ['198.51.100.1', 'external'],
    ['2001:db9::1', 'external'],
    ['::1', 'external'],
    ['0.0.0.0', 'external'],
  ] as const)('of %s is %s', (address, origin) => {
    expect(originOf(address, own, known)).toBe(origin);
  });

  it('of anything but our own is external when nobody is expected', () => {
    expect(originOf('192.0.2.2', own, knownSenders([]))).toBe('external');
  });
});

describe('knownSenders', () => {
  it.each([
    ['192.0.2.0/24=a', '192.0.2.255', 'a'],
    ['192.0.2.0/24=a', '192.0.3.0', undefined],
    ['192.0.2.7/24=host bits are ignored', '192.0.2.200', 'host bits are ignored'],
    ['192.0.2.7=one', '192.0.2.7', 'one'],
    ['192.0.2.7=one', '192.0.2.8', undefined],
    ['192.0.2.7/32=one', '192.0.2.7', 'one'],
    ['0.0.0.0/0=all', '203.0.113.9', 'all'],
    ['0.0.0.0/0=all', '2001:db8::1', undefined],
    ['2001:db8::/32=lab', '2001:db8:1:2:3:4:5:6', 'lab'],
    ['2001:db8::/32=lab', '2001:db9::', undefined],
    ['2001:db8::7=one', '2001:db8::7', 'one'],
    ['2001:DB8:0:0::/33=odd', '2001:db8:7fff::1', 'odd'],
    ['2001:DB8:0:0::/33=odd', '2001:db8:8000::1', undefined],
    ['::ffff:192.0.2.0/120=mapped', '192.0.2.9', 'mapped'],
    ['192.0.2.0/24=a=b/c', '192.0.2.9', 'a=b/c'],
  ])('%s calls %s %s', (text, address, name) => {
    expect(knownSenders([text]).nameOf(address)).toBe(name);
  });

  it('calls an address by the first prefix that holds it', () => {
    const senders = knownSenders(['192.0.2.128/25=narrow', '192.0.2.0/24=wide', '192.0.2.0/25=never']);
    expect([senders.nameOf('192.0.2.200'), senders.nameOf('192.0.2.1')]).toEqual(['narrow', 'wide']);
  });

  it.each([
    '',
    '=',
    'scanner',
    '192.0.2.0/24',
    '192.0.2.0/24=',
    '=scanner',
    '/24=scanner',
    '192.0.2.0/=scanner',
    '192.0.2.0/33=scanner',
    '192.0.2.0/-1=scanner',
    '192.0.2.0/8x=scanner',
    '192.0.2.0/24/24=scanner',
    '192.0.2=scanner',
    '192.0.2.256=scanner',
    ' 192.0.2.0/24=scanner',
    '192.0.2.0 /24=scanner',
    '192.0.2.0-192.0.2.9=scanner',
    '2001:db8::/129=scanner',
    '2001:db8::/1000=scanner',
    '[2001:db8::]/32=scanner',
    'fe80::1%eth0=scanner',
    'fe80::%eth0/64=scanner',
    'scanner.example=scanner',
    '192.0.2.0/24=a\nb',
  ])('refuses %j and says what is expected', (text) => {
    expect(() => knownSenders(['192.0.2.0/24=fine', text])).toThrow(
      new SyntaxError(
        `Cannot use "${text}": expected CIDR=name, such as 192.0.2.0/24=scanner or 2001:db8::/32=scanner`,
      ),
    );
  });

  it('holds the addresses that ipaddr.js finds in the prefix', () => {
    const near = (text: string, flip: number) => {
      const bytes = ipaddr.parse(text).toByteArray();
      const at = flip % (bytes.length * 8);
      bytes[at >> 3] = (bytes[at >> 3] as number) ^ (0x80 >> (at & 7));
      return ipaddr.fromByteArray(bytes).toString();
    };
    const prefix = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
    );
    fc.assert(
      fc.property(prefix, fc.nat(127), ([network, length], flip) => {
        const canonicalNetwork = canonicalAddress(network) as string;
        // Mapped addresses have a row of their own above.
        fc.pre(canonicalNetwork.includes(':') === network.includes(':'));
        // From the canonical spelling: ipaddr.js takes `::192.0.2.1` for `::ffff:192.0.2.1`, which inet_pton(3) does not.
        const other = near(canonicalNetwork, flip);
        const canonicalOther = canonicalAddress(other) as string;
        fc.pre(canonicalOther.includes(':') === network.includes(':'));
        const parsed = ipaddr.parse(canonicalNetwork);
        const holds = ipaddr.parse(other).match(parsed as ipaddr.IPv4, length);
        const senders = knownSenders([`${network}/${length}=x`]);
        expect(senders.nameOf(canonicalNetwork)).toBe('x');
        expect(senders.nameOf(canonicalOther)).toBe(holds ? 'x' : undefined);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['::/0', '::/1', '::/80'])('of %s hold no IPv4 address', (prefix) => {
    expect(knownSenders([`${prefix}=x`]).nameOf('192.0.2.1')).toBeUndefined();
  });
});
