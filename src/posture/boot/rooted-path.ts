import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';

/** As the kernel (MAXSYMLINKS, include/linux/namei.h). */
const MOST_LINKS = 40;

/** What a path leads to without leaving the root. */
export interface Found {
  /** From the root, without any link in it; bytes in latin1. */
  readonly path: string;
  readonly stats: BigIntStats;
}

/** An errno's name, such as `ENOENT`. */
export type Failure = { readonly code: string };

/**
 * Follows a path as a process would whose root is `root`: absolute links and `..` never lead out of it. Takes bytes in
 * latin1, the root without a slash at its end. `link` is told the directory of every link on the way. Throws nothing.
 */
export function findInRoot(root: string, path: string, link: (directory: string) => void = () => {}): Found | Failure {
  let waiting = path.split('/');
  let current = '';
  let links = 0;
  try {
    let stats = lstat(`${root}/`);
    for (let component = waiting.shift(); component !== undefined; component = waiting.shift()) {
      if (!stats.isDirectory()) return { code: 'ENOTDIR' };
      if (component === '' || component === '.') continue;
      if (component === '..') {
        current = current.slice(0, Math.max(0, current.lastIndexOf('/')));
        stats = lstat(root + (current || '/'));
        continue;
      }
      const next = `${current}/${component}`;
      stats = lstat(root + next);
      if (!stats.isSymbolicLink()) {
        current = next;
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) return { code: 'ELOOP' };
      link(current);
      const target = readlinkSync(bytes(root + next), { encoding: 'latin1' });
      if (target.startsWith('/')) current = '';
      stats = lstat(root + (current || '/'));
      waiting = [...target.split('/'), ...waiting];
    }
    return { path: current, stats };
  } catch (cause) {
    return { code: errorCode(cause) };
  }
}

/** A latin1 text as the path it stands for. */
export function bytes(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The name of what a system call says in an exception. */
export function errorCode(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? String(cause);
}

/** What tells one state of a file or directory from another. */
export function stamp({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}

function lstat(path: string): BigIntStats {
  return lstatSync(bytes(path), { bigint: true });
}
