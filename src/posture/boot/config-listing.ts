import { readdirSync } from 'node:fs';
import { interfaceLabel } from '../runtime/interface-name.ts';
import type { ApplierRules } from './applier-rules.ts';
import { bytes, errorCode, type Failure, type Found, findInRoot, stamp } from './rooted-path.ts';

/** In the order in which a file of one of them hides those of the same name in the others. */
export const SEARCH_DIRECTORIES: readonly string[] = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
];

/** A file that takes part, in the order of reading. */
export interface ListedFile {
  /** As on the host, for a person. */
  readonly label: string;
  readonly found: Found | Failure;
}

/** Which files take part, and where a change would show. */
export interface Listing {
  readonly files: readonly ListedFile[];
  /** Directories that were searched and exist: path from the root, and its stamp. */
  readonly directories: ReadonlyMap<string, string>;
  /** Those that do not exist. */
  readonly absent: readonly string[];
  /** All directories in which something that matters may change, with the identity of each. */
  readonly watched: ReadonlyMap<string, string>;
  readonly errors: readonly string[];
  /** False where there is nothing that could be a host's root. */
  readonly isHost: boolean;
}

/** These are so for the applier, too: it goes on without the file. */
const FACTS = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** Whether an error is this process's own, so that the applier may see more. */
export function isTrouble({ code }: Failure): boolean {
  return !FACTS.has(code);
}

/**
 * Lists what an applier reads: of each name the first directory's file, whatever it is (an empty one, a link to
 * /dev/null or to nowhere masks the others), by the bytes of the name. Takes the root in latin1, and which directories are searched.
 * Throws nothing.
 */
export function listConfig(
  root: string,
  { readsHidden, lastFile }: Pick<ApplierRules, 'readsHidden' | 'lastFile'>,
  searched: readonly string[] = SEARCH_DIRECTORIES,
): Listing {
  const names = new Map<string, ListedFile>();
  const directories = new Map<string, string>();
  const absent: string[] = [];
  const errors: string[] = [];
  const watched = new Map<string, string>();
  const watch = (path: string) => {
    if (watched.has(path)) return;
    const found = findInRoot(root, path);
    if ('stats' in found) watched.set(found.path, `${found.stats.dev}:${found.stats.ino}`);
  };
  const find = (path: string): Found | Failure => {
    const found = findInRoot(root, path, watch);
    if ('path' in found) watch(found.path.slice(0, found.path.lastIndexOf('/')));
    return found;
  };

  const etc = findInRoot(root, '/etc');
  const isHost = 'path' in etc && etc.stats.isDirectory();
  if (!isHost)
    errors.push(
      `Cannot find "/etc" in ${JSON.stringify(interfaceLabel(bytes(root || '/')))}: is the host's root mounted there?`,
    );

  for (const directory of searched) {
    const found = findInRoot(root, directory, watch);
    if (!('path' in found)) {
      absent.push(directory);
      if (isTrouble(found)) errors.push(cannot('list', directory, found));
      continue;
    }
    directories.set(found.path, stamp(found.stats));
    watch(found.path);
    for (const name of list(root, found.path)) {
      if (typeof name !== 'string') errors.push(cannot('list', directory, name));
      else if (name.endsWith('.conf') && (readsHidden || !name.startsWith('.')) && !names.has(name)) {
        names.set(name, { label: `${directory}/${interfaceLabel(bytes(name))}`, found: find(`${found.path}/${name}`) });
      }
    }
  }

  const files = [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
  if (lastFile !== undefined) {
    const parent = lastFile.slice(0, lastFile.lastIndexOf('/'));
    const directory = findInRoot(root, parent, watch);
    if ('path' in directory) directories.set(directory.path, stamp(directory.stats));
    watch(parent);
    const found = find(lastFile);
    if (!('stats' in found) || found.stats.isFile()) files.push({ label: lastFile, found });
  }
  return { files, directories, absent, watched, errors, isHost };
}

/** A line for a person: what could not be done to which path. */
export function cannot(act: string, label: string, { code }: Failure): string {
  return `Cannot ${act} ${JSON.stringify(label)}: ${code}`;
}

function list(root: string, directory: string): readonly (string | Failure)[] {
  try {
    return readdirSync(bytes(`${root}${directory}/`), { encoding: 'latin1' });
  } catch (cause) {
    const failure: Failure = { code: errorCode(cause) };
    return isTrouble(failure) ? [failure] : [];
  }
}
