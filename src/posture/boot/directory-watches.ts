import { type FSWatcher, watch } from 'node:fs';
import { bytes } from './rooted-path.ts';

/** Watches directories for as long as they are asked for; a directory that cannot be watched is none the worse. */
export class DirectoryWatches {
  readonly #onChange: () => void;
  readonly #watches = new Map<string, FSWatcher | undefined>();

  /** Takes what is called after any change in any of them. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /**
   * Watches these directories and no others: path in latin1, and what tells it from another in its place. True if one
   * is new.
   */
  set(directories: ReadonlyMap<string, string>): boolean {
    const wanted = new Map([...directories].map(([path, identity]) => [`${identity} ${path}`, path]));
    for (const [key, watcher] of this.#watches) {
      if (wanted.has(key)) continue;
      watcher?.close();
      this.#watches.delete(key);
    }
    const fresh = [...wanted].filter(([key]) => !this.#watches.has(key));
    for (const [key, path] of fresh) this.#watches.set(key, this.#watch(key, path));
    return fresh.length > 0;
  }

  /** Also for after the end: nothing is called any more. */
  close(): void {
    this.set(new Map());
  }

  #watch(key: string, path: string): FSWatcher | undefined {
    try {
      const watcher = watch(bytes(path), { persistent: false, encoding: 'buffer' }, () => this.#onChange());
      watcher.on('error', () => {
        watcher.close();
        this.#watches.set(key, undefined);
      });
      return watcher;
    } catch {
      // No watches left for this user, or a file system without them.
      return undefined;
    }
  }
}
