import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalAddress } from '../../../src/event/address.ts';
import { subnetOf } from '../../../src/event/subnet.ts';
import { addressOf, keyOf } from '../../../src/scan/report/address-counts.ts';
import { subnetKeys } from '../../../src/scan/report/subnet-key.ts';

it('is the key of the first address of the subnet', () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => canonicalAddress(text) as string);
  fc.assert(
    fc.property(address, fc.nat(32), fc.nat(128), (text, ipv4SubnetBits, ipv6SubnetBits) => {
      const key = new Uint32Array(4);
      keyOf(text, key);
      const subnet = subnetKeys({ ipv4SubnetBits, ipv6SubnetBits })(key);
      const [network] = subnetOf(text, ipv4SubnetBits, ipv6SubnetBits).split('/');
      expect(addressOf(subnet)).toBe(canonicalAddress(network as string));
    }),
    { numRuns: 1_000 },
  );
});
