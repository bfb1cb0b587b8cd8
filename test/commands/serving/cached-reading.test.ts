import { describe, expect, it } from 'vitest';
import { cachedReading } from '../../../src/commands/serving/cached-reading.ts';

/** A reading that takes so many milliseconds and counts how often it was made. */
function reading(takes: number) {
  let now = 0;
  let made = 0;
  const get = cachedReading(
    () => {
      now += takes;
      made += 1;
      return made;
    },
    () => now,
  );
  return {
    get,
    at(milliseconds: number) {
      now = milliseconds;
      return get();
    },
  };
}

describe('cachedReading', () => {
  it('reads when it is first asked', () => {
    expect(reading(0).get()).toBe(1);
  });

  it('reads again after 100 ms, not before', () => {
    const { at } = reading(0);
    expect([0, 0, 50, 99, 100, 150, 199, 200, 10_000].map(at)).toEqual([1, 1, 1, 1, 2, 2, 2, 3, 4]);
  });

  it('reads so seldom that it takes a hundredth of the time', () => {
    const { at } = reading(20);
    expect([0, 20, 100, 2_019, 2_020].map(at)).toEqual([1, 1, 1, 1, 2]);
  });

  it('keeps nothing of a reading that failed', () => {
    let fails = true;
    const get = cachedReading(
      () => {
        if (fails) throw new Error('no');
        return 'read';
      },
      () => 0,
    );
    expect(get).toThrow('no');
    fails = false;
    expect(get()).toBe('read');
  });
});
