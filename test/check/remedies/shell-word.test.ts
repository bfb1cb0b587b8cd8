import { spawnSync } from 'node:child_process';
import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../../../src/check/remedies/shell-word.ts';
import { printable } from '../../../src/check/render/printable.ts';

/** What sh makes of a word. */
function read(word: string): Buffer {
  return spawnSync('sh', ['-c', `printf %s ${word}`]).stdout;
}

describe('shellWord', () => {
  it.each([
    ['/proc/sys/net/ipv4/conf/eth0.100/x', '/proc/sys/net/ipv4/conf/eth0.100/x'],
    ['net.ipv4.conf.*.x=0', "'net.ipv4.conf.*.x=0'"],
    ["it's", "'it'\\''s'"],
    ['é', "'é'"],
    ['a\u001b[31m%s\\', '"$(printf \'a\\033\\13331m\\045s\\134\')"'],
    ['', "''"],
  ])('makes %j %s', (text, word) => {
    expect(shellWord(text)).toBe(word);
  });

  it('is read by sh as the bytes it was made of, and never shows a control character', () => {
    // Neither NUL nor white space: no interface has them.
    const names = uint8Array({ min: 1, minLength: 1, maxLength: 15 }).map((bytes) =>
      Buffer.from(bytes.filter((byte) => byte !== 10)),
    );
    assert(
      property(names, (name) => {
        const word = shellWord(name);
        expect(read(word)).toEqual(name);
        expect(printable(word)).toBe(word);
      }),
      { numRuns: 200 },
    );
  });
});
