import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { isCompressed, isPastOf } from './rotation-names.ts';

/**
 * The files that `--input.file` names by now and that are not followed yet: a path as it is (also while it does not exist), a
 * glob as the files it matches. What rotation made of a followed or matched file (`kern.log.1` of `kern.log`, anything compressed)
 * is that file's past, not a log of its own, and two names of one file are one log: following them too would count twice.
 */
export function newLogFiles(patterns: readonly string[], followed: readonly string[]): string[] {
  const named = patterns.filter((pattern) => !isGlob(pattern));
  const matched = patterns.filter(isGlob).flatMap((pattern) => matches(pattern));
  const logs = [...followed, ...named, ...matched].map((path) => resolve(path));
  const real = new Set(followed.map(realPath));
  const fresh: string[] = [];
  for (const path of [...named, ...matched.filter((match) => !logs.some((log) => isPastOf(match, log)))]) {
    if (!real.has(realPath(path))) fresh.push(path);
    real.add(realPath(path));
  }
  return fresh;
}

/** A file of exactly this name is meant as it is, whatever characters it has. */
export function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern) && !existsSync(pattern);
}

/** Loaded for the first glob: most starts have none. */
const load = createRequire(import.meta.url);

function matches(pattern: string): string[] {
  const { globSync }: typeof import('tinyglobby') = load('tinyglobby');
  const found = globSync(resolve(pattern), { absolute: true, expandDirectories: false, dot: true });
  return found.filter((path) => !isCompressed(path)).sort();
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
