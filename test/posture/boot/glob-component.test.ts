import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlobComponent } from '../../../src/posture/boot/glob-component.ts';

describe('compileGlobComponent', () => {
  it.each<[pattern: string, matching: string[], others: string[]]>([
    ['*', ['', 'a', 'eth0.100', '\xff'], ['.hid']],
    ['eth?', ['eth0', 'eth\xff'], ['eth', 'eth10']],
    ['e*h*0', ['eth0', 'ehh00', 'eh0'], ['eth', 'e0']],
    ['[ab]*', ['a', 'bc'], ['c', '']],
    ['[!a]*', ['b'], ['a', '.b']],
    ['[^a]', ['b', '^'], ['a']],
    ['[a-c]', ['a', 'b', 'c'], ['d', '-']],
    ['[a-]', ['a', '-'], ['b']],
    ['[]x]', [']', 'x'], ['']],
    ['[!]x]', ['a'], [']', 'x']],
    ['[c-a]', [], ['a', 'b', 'c', '-']],
    ['[[:digit:]x]', ['0', '9', 'x'], ['a', ':']],
    ['[![:alnum:]]', ['-', '\xe9'], ['a', '0']],
    ['[[:nope:]]', ['n]', ':]', '[]'], ['n']],
    ['[[.b.]-d]', ['b', 'c'], ['a', '.']],
    ['[\\]a]', [']', 'a'], ['\\']],
    ['eth[0', ['eth[0'], ['eth0']],
    ['a\\*', ['a*'], ['ab', 'a\\*']],
    ['a\\', [], ['a', 'a\\', 'ab']],
    ['.h*', ['.hid'], ['hid']],
    ['\\.h?d', ['.hid'], ['hid']],
    ['[.]hid', [], ['.hid']],
    ['?hid', ['ahid'], ['.hid']],
    ['**a**', ['a', 'bab'], ['b']],
  ])('%s', (pattern, matching, others) => {
    const matches = compileGlobComponent(pattern);
    expect(matching.filter((name) => !matches(name))).toEqual([]);
    expect(others.filter(matches)).toEqual([]);
  });

  it('matches a text that is escaped whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (name) => {
        expect(compileGlobComponent(name.replace(/./gs, '\\$&'))(name)).toBe(true);
      }),
    );
  });

  it('needs no longer for stars that do not fit', () => {
    expect(compileGlobComponent(`${'*a'.repeat(500)}b`)('a'.repeat(5_000))).toBe(false);
  });
});
