import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { loadTls } from './load-tls.ts';
import { parseWebConfig } from './parse-web-config.ts';
import { refuseWeaker } from './refuse-weaker.ts';
import type { WebConfig } from './web-config.ts';

// The certificates of all public authorities together take a quarter of it.
const MAX_BYTES = 1024 * 1024;

/** A web configuration file and the files it names, read as often as they change. */
export class WebConfigFiles {
  readonly #file: string;
  #seen: ReadonlyMap<string, string> = new Map();
  #last: WebConfig | undefined;

  /** Takes the path of the web configuration; paths in it start at its folder. */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Reads all of them. Throws an Error of one line, `<file>:<line>: …`, for the first thing that is not as it should be, also
   * for what would leave the exporter less guarded than the reading before.
   */
  read(): WebConfig {
    const seen = new Map<string, string>();
    const readFile = (path: string) => {
      // Before the reading: what changes in between is seen as a change.
      seen.set(path, identity(path));
      return readText(path);
    };
    // Also after a failure: what was wrong is read again when it has changed, and not before.
    this.#seen = seen;
    const parsed = parseWebConfig(readFile(this.#file), this.#file);
    const tls = parsed.tls && loadTls(parsed.tls, (path) => readFile(resolve(dirname(this.#file), path)));
    const { headers, users, rateLimit } = parsed;
    const config = { tls, headers, users, rateLimit };
    if (this.#last) refuseWeaker(this.#last, config, parsed);
    this.#last = config;
    return config;
  }

  /** Whether one of the files is another than at the last reading. */
  changed(): boolean {
    return [...this.#seen].some(([path, before]) => identity(path) !== before);
  }
}

/** What tells a file from the one that was there before. */
function identity(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** The size is not asked: a pipe has none. */
function readText(path: string): string {
  const bytes = Buffer.alloc(MAX_BYTES + 1);
  let descriptor: number | undefined;
  let length = 0;
  try {
    descriptor = openSync(path, 'r');
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
  } catch (cause) {
    throw new Error(`Cannot read ${path}: ${(cause as NodeJS.ErrnoException).code ?? cause}`, { cause });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  if (length > MAX_BYTES) throw new Error(`Cannot read ${path}: larger than ${MAX_BYTES} bytes`);
  return bytes.toString('utf8', 0, length);
}
