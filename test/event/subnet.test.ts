import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../src/event/address.ts';
import { subnetOf } from '../../src/event/subnet.ts';

describe('subnetOf', () => {
  it.each([
    ['192.0.2.201', 24, '192.0.2.0/24'],
    ['192.0.2.201', 32, '192.0.2.201/32'],
    ['192.0.2.201', 25, '192.0.2.128/25'],
    ['255.255.255.255', 1, '128.0.0.0/1'],
    ['255.255.255.255', 0, '0.0.0.0/0'],
    ['2001:db8:1:2:3:4:5:6', 64, '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3:4:5:6', 128, '2001:db8:1:2:3:4:5:6/128'],
    ['2001:db8:1:2:3:4:5:6', 33, '2001:db8::/33'],
    ['2001:db8:8001:2:3:4:5:6', 33, '2001:db8:8000::/33'],
    ['ffff::1', 0, '::/0'],
    ['::', 64, '::/64'],
    ['fe80::1', 10, 'fe80::/10'],
  ])('of %s/%d is %s', (address, bits, subnet) => {
    expect(subnetOf(address, bits, bits)).toBe(subnet);
  });

  it('is the network that ipaddr.js finds', () => {
    const address = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
    );
    fc.assert(
      fc.property(address, ([text, bits]) => {
        const canonical = canonicalAddress(text) as string;
        fc.pre(canonical.includes(':') === text.includes(':'));
        const network = canonical.includes(':')
          ? ipaddr.IPv6.networkAddressFromCIDR(`${canonical}/${bits}`).toRFC5952String()
          : ipaddr.IPv4.networkAddressFromCIDR(`${canonical}/${bits}`).toString();
        expect(subnetOf(canonical, bits, bits)).toBe(`${network}/${bits}`);
      }),
      { numRuns: 1_000 },
    );
  });
});
