import { compileGlobComponent } from './glob-component.ts';

/** Paths are given as their components, names in latin1. */
export interface PathGlob {
  /** Whether it gives this path; with `open`, whatever the component there may be. */
  fits(path: readonly string[], open?: number): boolean;
  /** How a path that it gives is spelled: as the pattern is, with `//` and `/./`. */
  spell(path: readonly string[]): string;
}

/**
 * Takes a pattern for paths, as glob(3) does without GLOB_BRACE: no wildcard crosses a slash. Throws nothing. What `..` leaves behind
 * need not exist here.
 */
export function compilePathGlob(pattern: string): PathGlob {
  const components = pattern.split('/');
  const named: number[] = [];
  for (const [index, component] of components.entries()) {
    if (component === '..') named.pop();
    else if (component !== '' && component !== '.') named.push(index);
  }
  const matches = named.map((index) => compileGlobComponent(components[index] as string));
  return {
    fits: (path, open) =>
      path.length === matches.length && matches.every((match, at) => at === open || match(path[at] as string)),
    spell: (path) => {
      const spelled = [...components];
      for (const [at, index] of named.entries()) spelled[index] = path[at] as string;
      return spelled.join('/');
    },
  };
}
