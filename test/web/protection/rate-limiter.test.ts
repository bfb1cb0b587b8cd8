import { describe, expect, it } from 'vitest';
import { RateLimiter } from '../../../src/web/protection/rate-limiter.ts';

const LIMIT = { interval: 1_000, burst: 3 };

describe('RateLimiter', () => {
  it('lets a burst pass, and then one in each interval', () => {
    let now = 5_000;
    const limiter = new RateLimiter(() => now);
    const ask = (at: number) => {
      now = at;
      return limiter.allow(LIMIT);
    };
    expect([5_000, 5_000, 5_000, 5_000].map(ask)).toEqual([true, true, true, false]);
    expect([5_999, 6_000, 6_001, 6_999, 7_000].map(ask)).toEqual([false, true, false, false, true]);
    expect([99_000, 99_000, 99_000, 99_000].map(ask)).toEqual([true, true, true, false]);
  });

  it('goes on where it was when the same limit is read again, and afresh with another', () => {
    const limiter = new RateLimiter(() => 0);
    expect([LIMIT, LIMIT, LIMIT, { ...LIMIT }].map((limit) => limiter.allow(limit))).toEqual([true, true, true, false]);
    expect(limiter.allow({ interval: 1_000, burst: 1 })).toBe(true);
    expect(limiter.allow(LIMIT)).toBe(true);
  });

  it('without a limit lets all pass, with a burst of 0 none', () => {
    const limiter = new RateLimiter(() => 0);
    expect(limiter.allow(undefined)).toBe(true);
    expect(limiter.allow({ interval: 1, burst: 0 })).toBe(false);
  });
});
