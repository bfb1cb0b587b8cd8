import type { Combine } from './policy.ts';

/**
 * The value the kernel acts on for one interface, from the values of `all` and of the interface (C ints; `undefined`
 * means unreadable). `and` and `or` give the truth value 0 or 1, because any non-zero int is true; `max` and `min` give
 * the number; `interface` does not look at `all`. Returns `undefined` when a value that is needed is missing. Throws
 * nothing. The macros are IN_DEV_ANDCONF, IN_DEV_ORCONF and IN_DEV_MAXCONF of include/linux/inetdevice.h; the
 * minimum is written out in net/ipv6/exthdrs.c.
 */
export function effectiveValue(combine: Combine, all: number | undefined, own: number | undefined): number | undefined {
  if (own === undefined) return undefined;
  if (combine === 'interface') return own;
  if (all === undefined) return undefined;
  switch (combine) {
    case 'and':
      return all !== 0 && own !== 0 ? 1 : 0;
    case 'or':
      return all !== 0 || own !== 0 ? 1 : 0;
    case 'max':
      return Math.max(all, own);
    case 'min':
      return Math.min(all, own);
  }
}
