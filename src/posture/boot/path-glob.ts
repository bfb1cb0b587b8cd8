import { compileGlobComponent } from './glob-component.ts';

/** Paths are given as their components, names in latin1. */
export interface PathGlob {
  /** Of each component of a path that it gives: whether a name may stand there. */
  readonly matches: readonly ((name: string) => boolean)[];
  /** How a path that it gives is spelled: as the pattern is, with `//` and `/./`. */
  spell(path: readonly string[]): string;
}

/**
 * Takes a pattern for paths, as glob(3) does without GLOB_BRACE: no wildcard crosses a slash. Throws nothing. What `..`
 * leaves behind need not exist here.
 */
export function compilePathGlob(pattern: string): PathGlob {
  const components = pattern.split('/');
  const named: number[] = [];
  for (const [index, component] of components.entries()) {
    if (component === '..') named.pop();
    else if (component !== '' && component !== '.') named.push(index);
  }
  return {
    matches: named.map((index) => compiledWhenNeeded(components[index] as string)),
    spell: (path) => {
      if (named.length === components.length) return path.join('/');
      const spelled = [...components];
      for (const [at, index] of named.entries()) spelled[index] = path[at] as string;
      return spelled.join('/');
    },
  };
}

// Most patterns are told apart by their first or last names.
function compiledWhenNeeded(component: string): (name: string) => boolean {
  let matches: ((name: string) => boolean) | undefined;
  return (name) => {
    matches ??= compileGlobComponent(component);
    return matches(name);
  };
}
