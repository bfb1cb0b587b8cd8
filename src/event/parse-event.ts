import type { EventKind, KernelEvent } from './event.ts';

/**
 * What a message is: an event; `unrecognised`, when it has the words of one of our kinds but not the whole form (another
 * message that quotes them, a bad address, a kernel that changed its wording); or undefined, not ours.
 */
export type Verdict = KernelEvent | 'unrecognised' | undefined;

/** Takes the table of kinds; gives the parser of whole messages. Its cost is that of looking for the kinds' needles. */
export function eventParser(kinds: readonly EventKind[]): (message: string) => Verdict {
  return (message) => {
    let verdict: Verdict;
    for (const kind of kinds) {
      if (!kind.needles.some((needle) => message.includes(needle))) continue;
      const event = kind.parse(message);
      if (event !== undefined) return event;
      verdict = 'unrecognised';
    }
    return verdict;
  };
}
