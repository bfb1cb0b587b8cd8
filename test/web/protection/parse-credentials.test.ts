import { describe, expect, it } from 'vitest';
import { parseCredentials } from '../../../src/web/protection/parse-credentials.ts';

const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('parseCredentials', () => {
  it.each([
    [basic('ann:secret'), 'ann', 'secret'],
    [basic('ann:secret').replace('Basic', 'bAsIc'), 'ann', 'secret'],
    [basic('ann:secret').replace(' ', '   '), 'ann', 'secret'],
    [basic('ann:with:colons:'), 'ann', 'with:colons:'],
    [basic(':'), '', ''],
    [basic('änn:pässwörd'), 'änn', 'pässwörd'],
    [basic('a:\0'), 'a', '\0'],
  ])('reads %s', (header, user, password) => {
    expect(parseCredentials(header)).toEqual({ user, password });
  });

  it.each([
    undefined,
    '',
    'Basic',
    'Basic ',
    'Bearer YTpi',
    'Basic YTpi YTpi',
    'Basic YTpi=',
    'Basic YTp',
    'Basic YT-_',
    'Basic !!!!',
    ' Basic YTpi',
    basic('nocolon'),
    basic(Buffer.from([0x61, 0x3a, 0xff])),
  ])('takes %j for none', (header) => {
    expect(parseCredentials(header)).toBeUndefined();
  });
});
