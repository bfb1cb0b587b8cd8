import type { Combine } from '../policy/policy.ts';

/**
 * The value the kernel acts on for one interface, from the values of `all` and of the interface (C ints; `undefined`
 * means unreadable). `and` and `or` give the truth value 0 or 1, because any non-zero int is true; `max` and `min` give
 * the number; `interface` does not look at `all`. `redirects` is `and` where `forwarding` of the interface is on and
 * `or` where it is off, so that it matters only while the two differ. Returns `undefined` when a value that is needed is
 * missing. Throws nothing. The macros are IN_DEV_ANDCONF, IN_DEV_ORCONF, IN_DEV_MAXCONF and IN_DEV_RX_REDIRECTS of
 * include/linux/inetdevice.h; the minimum is written out in net/ipv6/exthdrs.c.
 */
export function effectiveValue(
  combine: Combine,
  all: number | undefined,
  own: number | undefined,
  forwarding?: number,
): number | undefined {
  if (own === undefined) return undefined;
  if (combine === 'interface') return own;
  if (all === undefined) return undefined;
  const both = all !== 0 && own !== 0 ? 1 : 0;
  const either = all !== 0 || own !== 0 ? 1 : 0;
  switch (combine) {
    case 'and':
      return both;
    case 'or':
      return either;
    case 'max':
      return Math.max(all, own);
    case 'min':
      return Math.min(all, own);
    case 'redirects':
      if (both === either) return both;
      return forwarding === undefined ? undefined : forwarding !== 0 ? both : either;
  }
}
