import { statSync } from 'node:fs';
import { type FilePosition, lookAt, recognise } from './file-position.ts';

/** Whether a path is a file that was read under another name: the past of some log, not a log of its own. */
export function wasRead(path: string, positions: readonly FilePosition[]): boolean {
  try {
    const stats = statSync(path);
    const itself = positions.filter(({ device, inode }) => device === stats.dev && inode === stats.ino);
    return itself.length > 0 && recognise([lookAt(path, stats)], itself).size > 0;
  } catch {
    return false;
  }
}
