import { readFileSync, statSync } from 'node:fs';
import { parseSysctlValue } from './parse-sysctl-value.ts';

/**
 * Reads one sysctl of one entry of a `conf` directory. Takes the directory as text, the entry's name as the bytes it was
 * listed with (a dotted key or a decoded name could be another file) and the sysctl's last path element. Returns the
 * value, `unreadable`, or `vanished` when the whole entry is gone: interfaces come and go between a listing and a
 * reading, and an MTU below 1280 alone takes the IPv6 one away. Throws nothing.
 */
export function readSysctl(conf: string, name: Buffer, sysctl: string): number | 'unreadable' | 'vanished' {
  const entry = Buffer.concat([Buffer.from(`${conf}/`), name]);
  try {
    return parseSysctlValue(readFileSync(Buffer.concat([entry, Buffer.from(`/${sysctl}`)]), 'utf8')) ?? 'unreadable';
  } catch {
    // Which error it was says little: a file of an interface being removed gives ENOENT, ENODEV or EINVAL.
    return isGone(entry) ? 'vanished' : 'unreadable';
  }
}

function isGone(entry: Buffer): boolean {
  try {
    return statSync(entry, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
