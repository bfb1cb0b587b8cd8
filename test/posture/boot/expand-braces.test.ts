import { describe, expect, it } from 'vitest';
import { expandBraces } from '../../../src/posture/boot/expand-braces.ts';

describe('expandBraces', () => {
  it.each<[pattern: string, alternatives: string[]]>([
    ['eth0', ['eth0']],
    ['eth{0,1}', ['eth0', 'eth1']],
    ['{a,b}{c,d}', ['ac', 'ad', 'bc', 'bd']],
    ['{a,{b,c}d}', ['a', 'bd', 'cd']],
    ['a{}b', ['ab']],
    ['a{b}', ['ab']],
    ['{,a}b', ['ab', 'b']],
    ['{a,b', ['{a,b']],
    ['a}', ['a}']],
    ['\\{a,b}', ['\\{a,b}']],
    ['{a\\,b,c}', ['a\\,b', 'c']],
    ['net/ipv{4,6}/conf', ['net/ipv4/conf', 'net/ipv6/conf']],
  ])('%s', (pattern, alternatives) => {
    expect(expandBraces(pattern).sort()).toEqual(alternatives);
  });

  it('gives up where there are too many', () => {
    expect(expandBraces('{a,b}'.repeat(9))).toHaveLength(512);
    expect(expandBraces('{a,b}'.repeat(40))).toEqual([]);
    expect(expandBraces('{'.repeat(4_096))).toHaveLength(1);
    expect(expandBraces('{a,'.repeat(1_000_000))).toEqual([]);
  });
});
