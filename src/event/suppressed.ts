/** The word of such a message. */
export const SUPPRESSED = 'callbacks suppressed';

const FORM = /^net_ratelimit: (\d{1,10}) callbacks suppressed\s*$/;

/**
 * How many network messages of all kinds together the kernel says it did not print (an upper bound of ours among them): the N
 * of `net_ratelimit: N callbacks suppressed`, or undefined for any other message. lib/ratelimit.c ___ratelimit(); other
 * functions' names are other rate limits, and not ours.
 */
export function suppressedMessages(message: string): number | undefined {
  const count = FORM.exec(message)?.[1];
  return count === undefined ? undefined : Number(count);
}
