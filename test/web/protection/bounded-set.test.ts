import { expect, it } from 'vitest';
import { BoundedSet } from '../../../src/web/protection/bounded-set.ts';

it('forgets what was not asked for the longest', () => {
  const set = new BoundedSet(2);
  set.add('a');
  set.add('b');
  expect(set.has('a')).toBe(true);
  set.add('c');
  expect(['a', 'b', 'c'].map((text) => set.has(text))).toEqual([true, false, true]);
  set.add('a');
  set.add('d');
  expect(['a', 'b', 'c', 'd'].map((text) => set.has(text))).toEqual([true, false, false, true]);
});
