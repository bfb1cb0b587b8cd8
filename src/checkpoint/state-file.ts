import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { State } from './state.ts';
import { decodeState, encodeState, type Unusable } from './state-format.ts';

/** How many unusable files are kept. */
const MAX_SET_ASIDE = 3;

/** What a state file holds. */
export type Found =
  | { readonly outcome: 'loaded'; readonly state: State }
  | { readonly outcome: 'absent' }
  | { readonly outcome: Unusable };

/** What was found at the start. */
export type Loaded = Exclude<Found, { outcome: Unusable }> | { readonly outcome: Unusable; readonly setAside: string };

/**
 * Reads a state file. One that cannot be used is set aside as `<file>.bad-<time>`, three at most, for whoever wants to know. Takes
 * the present time in milliseconds since the epoch. Throws an Error of one line when the file or its directory may not be used at all.
 */
export function loadState(file: string, nowMs: number): Loaded {
  const found = readState(file);
  if (found.outcome === 'loaded' || found.outcome === 'absent') return found;
  return { outcome: found.outcome, setAside: setAside(file, nowMs) };
}

/** Reads a state file and changes nothing. Throws as loadState does. */
export function readState(file: string): Found {
  const text = readText(file);
  if (text === undefined) return { outcome: 'absent' };
  const state = decodeState(text);
  return typeof state === 'object' ? { outcome: 'loaded', state } : { outcome: state };
}

/**
 * Replaces a state file as a whole: whatever happens, the old one or the new one is there (write, fsync, rename, fsync the
 * directory). Throws what the system says, such as ENOSPC.
 */
export async function saveState(file: string, state: State): Promise<void> {
  // At once: counters and positions are of one moment, and while the disk is written more is counted.
  const text = encodeState(state);
  const temporary = `${file}.new`;
  try {
    await writeWhole(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    // Half a file would hold the last blocks of a full disk.
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  const directory = await open(dirname(file), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function readText(file: string): string | undefined {
  try {
    if (!statSync(dirname(file)).isDirectory()) throw new Error('its directory is not a directory');
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && exists(dirname(file))) return undefined;
    throw new Error(`Cannot use "${file}": ${code === 'ENOENT' ? 'its directory does not exist' : (code ?? message)}`, {
      cause: error,
    });
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function setAside(file: string, nowMs: number): string {
  const prefix = `${file}.bad-`;
  const path = `${prefix}${new Date(nowMs).toISOString().replaceAll(/[-:]/g, '')}`;
  renameSync(file, path);
  const all = readdirSync(dirname(file)).filter((name) => name.startsWith(basename(prefix)));
  for (const name of all.sort().slice(0, -MAX_SET_ASIDE)) rmSync(join(dirname(file), name), { force: true });
  return path;
}
