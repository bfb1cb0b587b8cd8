import type { Assignment, Line, Setting } from './setting.ts';

/** Where one applier differs from the other. All texts are bytes in latin1. */
export interface ApplierRules {
  /** A file that is read after all others, if it is a regular one. */
  readonly lastFile: string | undefined;
  /** Whether `.x.conf` is read. */
  readonly readsHidden: boolean;
  readonly lines: (text: string) => Iterable<Line>;
  /** Undefined for what is no assignment and no exclusion. */
  readonly parse: (line: string) => Assignment | undefined;
  /** What is written, in the order of writing, from what was read, in the order of reading. */
  readonly order: (settings: readonly Setting[]) => readonly Setting[];
  /** The patterns that a key with wildcards stands for. */
  readonly globs: (key: string) => readonly string[];
  /** The path below /proc/sys that a key or pattern leads to; undefined if to none that is written. */
  readonly target: (key: string) => string | undefined;
}
