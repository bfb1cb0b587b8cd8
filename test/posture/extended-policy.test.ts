import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BUILT_IN_POLICY } from '../../src/posture/policy/policy.ts';
import { readPolicy } from '../../src/posture/policy/read-policy.ts';

const rules = readPolicy(fileURLToPath(new URL('../../deploy/policy/extended.yaml', import.meta.url)));

it('means what it should', () => {
  const described = rules.map(({ family, sysctl, expect, combine }) =>
    [family || '-', sysctl, JSON.stringify(expect) ?? 'shown', combine ?? 'one'].join(' '),
  );
  expect(described).toEqual([
    'ipv4 accept_source_route 0 and',
    'ipv6 accept_source_route {"max":0} min',
    'ipv6 seg6_enabled 0 min',
    'ipv6 rpl_seg_enabled 0 min',
    'ipv4 log_martians 1 or',
    'ipv4 rp_filter [1,2] max',
    'ipv4 accept_redirects 0 redirects',
    'ipv6 accept_redirects 0 interface',
    'ipv4 secure_redirects 0 or',
    'ipv4 send_redirects 0 or',
    'ipv4 icmp_echo_ignore_broadcasts 1 one',
    'ipv4 icmp_ignore_bogus_error_responses 1 one',
    '- dmesg_restrict 1 one',
    'ipv4 icmp_ratelimit shown one',
    'ipv4 icmp_ratemask shown one',
    'ipv4 icmp_msgs_per_sec shown one',
    'ipv4 icmp_msgs_burst shown one',
    'ipv6 ratelimit shown one',
    'ipv6 ratemask shown one',
    'ipv6 error_anycast_as_unicast shown one',
    '- message_cost shown one',
    '- message_burst shown one',
  ]);
});

it('begins with the built-in policy', () => {
  const meaning = ({ family, sysctl, expect, combine }: (typeof rules)[number]) => [family, sysctl, expect, combine];
  expect(rules.slice(0, BUILT_IN_POLICY.length).map(meaning)).toEqual(BUILT_IN_POLICY.map(meaning));
});

it('says who asks for each verdict, but for those that nobody asks for', () => {
  const unasked = rules.filter((rule) => rule.expect !== undefined && rule.references.length === 0);
  expect(unasked.map(({ sysctl }) => sysctl)).toEqual(['seg6_enabled', 'rpl_seg_enabled']);
});
