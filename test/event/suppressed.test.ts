import { describe, expect, it } from 'vitest';
import { suppressedMessages } from '../../src/event/suppressed.ts';

describe('suppressedMessages', () => {
  it.each([
    ['net_ratelimit: 110 callbacks suppressed', 110],
    ['net_ratelimit: 1 callbacks suppressed', 1],
    ['net_ratelimit: 0 callbacks suppressed', 0],
    ['net_ratelimit: 2147483647 callbacks suppressed', 2_147_483_647],
    ['net_ratelimit: 5 callbacks suppressed ', 5],
  ])('of %j are %d', (message, count) => {
    expect(suppressedMessages(message)).toBe(count);
  });

  it.each([
    'net_ratelimit: callbacks suppressed',
    'net_ratelimit: -1 callbacks suppressed',
    'net_ratelimit: 1e9 callbacks suppressed',
    'net_ratelimit: 12345678901 callbacks suppressed',
    'net_ratelimit: 5 callbacks suppressed by whom',
    'net_ratelimit:  5 callbacks suppressed',
    ' net_ratelimit: 5 callbacks suppressed',
    'kernel: net_ratelimit: 5 callbacks suppressed',
    'xnet_ratelimit: 5 callbacks suppressed',
    '__ratelimit: 5 callbacks suppressed',
    '__nla_validate_parse: 5 callbacks suppressed',
    'ext4_end_bio: 5 callbacks suppressed',
    'net_ratelimit: 5 messages suppressed',
    'printk: 5 messages suppressed.',
    'NET: 5 messages suppressed.',
    '',
  ])('are not what %j says', (message) => {
    expect(suppressedMessages(message)).toBeUndefined();
  });
});
