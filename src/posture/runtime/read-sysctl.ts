import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { parseSysctlValue } from './parse-sysctl-value.ts';

// Longer than an int in decimal. A reading gives all of a sysctl at once, and what is longer is none.
const buffer = Buffer.alloc(32);

/**
 * Reads one sysctl of one entry of a `conf` directory. Takes the directory as text, the entry's name as the bytes it was
 * listed with (a dotted key or a decoded name could be another file) and the sysctl's last path element. Returns the
 * value, `unreadable`, or `vanished` when the whole entry is gone: interfaces come and go between a listing and a
 * reading, and an MTU below 1280 alone takes the IPv6 one away. Throws nothing.
 */
export function readSysctl(conf: string, name: Buffer, sysctl: string): number | 'unreadable' | 'vanished' {
  const entry = Buffer.concat([Buffer.from(`${conf}/`), name]);
  try {
    return parseSysctlValue(readShort(Buffer.concat([entry, Buffer.from(`/${sysctl}`)]))) ?? 'unreadable';
  } catch {
    // Which error it was says little: a file of an interface being removed gives ENOENT, ENODEV or EINVAL.
    return isGone(entry) ? 'vanished' : 'unreadable';
  }
}

// Three calls of the system and not the five of readFileSync: a scrape makes thousands of these.
function readShort(path: Buffer): string {
  const descriptor = openSync(path, 'r');
  try {
    return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, null));
  } finally {
    closeSync(descriptor);
  }
}

function isGone(entry: Buffer): boolean {
  try {
    return statSync(entry, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
