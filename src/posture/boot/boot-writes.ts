import type { ApplierRules } from './applier-rules.ts';
import { parseWrittenInt } from './parse-written-int.ts';
import { compilePathGlob, type PathGlob } from './path-glob.ts';
import type { Setting } from './setting.ts';

/** A line that puts a number into a sysctl. */
export interface Write {
  readonly value: number;
  readonly isGlob: boolean;
  readonly file: string;
  readonly line: number;
  /** When, among all writes. */
  readonly order: number;
}

interface GlobWrite {
  readonly glob: PathGlob;
  readonly write: Write;
}

/**
 * All that is written at a boot. A glob never writes to a path that is a key itself, assignment or exclusion, wherever
 * that stands. What the kernel refuses writes nothing, but its key still keeps globs away.
 */
export class BootWrites {
  readonly #keys: ReadonlySet<string>;
  readonly #exact = new Map<string, Write>();
  /** The last one first. */
  readonly #globs: readonly GlobWrite[];

  /** Takes what was read, in the order of reading. */
  constructor(rules: ApplierRules, settings: readonly Setting[]) {
    const ordered = rules.order(settings);
    this.#keys = new Set(ordered.map(({ key }) => key));
    const globs: GlobWrite[] = [];
    for (const [order, { key, value: text, file, line }] of ordered.entries()) {
      const value = text === undefined ? undefined : parseWrittenInt(text);
      if (value === undefined) continue;
      const isGlob = /[*?[]/.test(key);
      const write: Write = { value, isGlob, file, line, order };
      for (const path of isGlob ? rules.globs(key) : [key]) {
        const target = rules.target(path);
        if (target === undefined) continue;
        if (isGlob) globs.push({ glob: compilePathGlob(path), write });
        else this.#exact.set(target, write);
      }
    }
    this.#globs = globs.reverse();
  }

  /** The last line that writes to a path below /proc/sys, given as its components in latin1. */
  last(path: readonly string[]): Write | undefined {
    return this.#last(path, this.#globs, ({ glob }) => fits(glob, path));
  }

  /**
   * The same for paths that differ in one component only: takes them with any name there, returns what takes the name.
   */
  along(path: readonly string[], open: number): (name: string) => Write | undefined {
    const globs = this.#globs.filter(({ glob }) => fits(glob, path, open));
    return (name) => this.#last(path.with(open, name), globs, ({ glob }) => glob.matches[open]?.(name) === true);
  }

  #last(path: readonly string[], globs: readonly GlobWrite[], isOf: (each: GlobWrite) => boolean): Write | undefined {
    const exact = this.#exact.get(path.join('/'));
    const glob = globs.find((each) => isOf(each) && !this.#keys.has(each.glob.spell(path)))?.write;
    if (exact === undefined || glob === undefined) return exact ?? glob;
    return exact.order > glob.order ? exact : glob;
  }
}

function fits({ matches }: PathGlob, path: readonly string[], open?: number): boolean {
  return (
    matches.length === path.length && matches.every((match, index) => index === open || match(path[index] as string))
  );
}
