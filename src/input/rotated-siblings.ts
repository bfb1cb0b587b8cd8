import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Candidate, lookAt } from './file-position.ts';
import { isCompressed, isPastOf } from './rotation-names.ts';

/**
 * The uncompressed files that logrotate and its like may have made of a log: `<path>.*` and `<path>-*` in the same directory,
 * oldest first. A directory or a file that cannot be read has none.
 */
export function rotatedSiblings(path: string): Candidate[] {
  const name = basename(path);
  try {
    return readdirSync(dirname(path))
      .filter((entry) => isPastOf(entry, name) && !isCompressed(entry))
      .flatMap((entry) => candidate(join(dirname(path), entry)))
      .sort((a, b) => a.modified - b.modified);
  } catch {
    return [];
  }
}

/** None if it went away, is no file, or may not be read. */
function candidate(path: string): Candidate[] {
  try {
    const stats = statSync(path);
    return stats.isFile() ? [lookAt(path, stats)] : [];
  } catch {
    return [];
  }
}
