import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file beside a log, under a name that rotation gives. */
export interface Sibling {
  readonly path: string;
  readonly stats: Stats;
}

const COMPRESSED = /\.(?:gz|bz2|xz|zst|lz4|Z)$/;

/**
 * The uncompressed files that logrotate and its like may have made of a log: `<path>.*` and `<path>-*` in the same directory,
 * oldest first. A directory that cannot be read has none.
 */
export function rotatedSiblings(path: string): Sibling[] {
  const name = basename(path);
  try {
    return readdirSync(dirname(path))
      .filter((entry) => (entry.startsWith(`${name}.`) || entry.startsWith(`${name}-`)) && !COMPRESSED.test(entry))
      .flatMap((entry) => sibling(join(dirname(path), entry)))
      .sort((a, b) => a.stats.mtimeMs - b.stats.mtimeMs);
  } catch {
    return [];
  }
}

/** None if it went away, or is no file. */
function sibling(path: string): Sibling[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? [{ path, stats }] : [];
}
