import type { RateLimit } from '../config/web-config.ts';

/** A token bucket: so many requests at once, and one more in each interval. */
export class RateLimiter {
  readonly #clock: () => number;
  #limit: RateLimit | undefined;
  #tokens = 0;
  #filledAt = 0;

  /** Takes a clock in milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Takes the limit in force, returns whether one more request may pass now. Another limit than at the last call starts with a full bucket. */
  allow(limit: RateLimit | undefined): boolean {
    if (limit === undefined) return true;
    const now = this.#clock();
    if (limit.interval !== this.#limit?.interval || limit.burst !== this.#limit.burst) {
      this.#limit = limit;
      this.#tokens = limit.burst;
      this.#filledAt = now;
    }
    this.#tokens = Math.min(limit.burst, this.#tokens + (now - this.#filledAt) / limit.interval);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
