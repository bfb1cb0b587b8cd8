import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { cannot, isTrouble, type ListedFile } from './config-listing.ts';
import { bytes, errorCode, type Found } from './rooted-path.ts';

/** As long as the longest line systemd-sysctl takes (LONG_LINE_MAX), and a thousand times what anybody writes. */
const LIMIT_BYTES = 1024 * 1024;

/** What a file holds. */
export interface ConfigFile {
  readonly label: string;
  /** Its bytes in latin1; empty for what cannot be read, which hides other files all the same. */
  readonly text: string;
  /** One line, where the applier may see something else. */
  readonly error?: string;
}

/**
 * Reads one file below `root` (latin1). Only regular files are opened: a directory, a socket and /dev/null are empty to
 * the appliers as well, and at a FIFO a boot would wait for ever. Of a longer file the lines in its first MiB. Throws
 * nothing.
 */
export function readConfigFile(root: string, { label, found }: ListedFile): ConfigFile {
  if (!('stats' in found)) return { label, text: '', ...(isTrouble(found) && { error: cannot('read', label, found) }) };
  const { stats } = found;
  if (!stats.isFile()) {
    const isEmpty =
      stats.isDirectory() || stats.isSocket() || (stats.isCharacterDevice() && stats.rdev === NULL_DEVICE);
    return { label, text: '', ...(!isEmpty && { error: cannot('read', label, { code: 'not a regular file' }) }) };
  }
  try {
    const { text, isWhole } = read(root, found);
    if (isWhole) return { label, text };
    const lines = text.slice(0, text.lastIndexOf('\n') + 1);
    return { label, text: lines, error: cannot('read', label, { code: 'more than 1 MiB' }) };
  } catch (cause) {
    return { label, text: '', error: cannot('read', label, { code: errorCode(cause) }) };
  }
}

/** Major 1, minor 3 (Documentation/admin-guide/devices.txt). */
const NULL_DEVICE = 0x103n;

// A link or FIFO that has taken the file's place since is refused, and does not block.
function read(root: string, { path }: Found): { text: string; isWhole: boolean } {
  const descriptor = openSync(
    bytes(root + path),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY,
  );
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error('not a regular file');
    const buffer = Buffer.allocUnsafe(Math.min(stats.size, LIMIT_BYTES) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    return { text: buffer.toString('latin1', 0, length), isWhole: length < buffer.length };
  } finally {
    closeSync(descriptor);
  }
}
