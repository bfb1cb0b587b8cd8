import { existsSync, statSync } from 'node:fs';
import type { Predict } from '../prediction.ts';
import type { ApplierRules } from './applier-rules.ts';
import { APPLIERS, type BootApplier } from './appliers.ts';
import { BootWrites } from './boot-writes.ts';
import { type Listing, listConfig } from './config-listing.ts';
import { DirectoryWatches } from './directory-watches.ts';
import { type FoundApplier, findApplier } from './find-applier.ts';
import { parseConfig } from './parse-config.ts';
import { predictor } from './predictor.ts';
import { readConfigFile } from './read-config-file.ts';
import { bytes, findInRoot, stamp } from './rooted-path.ts';

/** A change in place does not show in its directory; where there are no events either it is found after this time. */
const RECHECK_SECONDS = 30;
const MOST_ERRORS = 5;

/** What a boot would make of the configuration as it stood at one moment. */
export interface BootReading {
  readonly applier: BootApplier;
  /** A sentence that says why the applier is unknown. */
  readonly reason?: string;
  /** False when the applier may see more than was read here; what was read counts all the same. */
  readonly success: boolean;
  /** One line that names what failed. */
  readonly error?: string;
  readonly predict: Predict;
}

interface State {
  readonly listing: Listing;
  readonly signature: string;
  /** All that went into the reading. */
  readonly content: string;
  readonly reading: BootReading;
  readonly checkedAt: number;
}

/** The sysctl configuration below a root, read again only when it has changed. */
export class BootConfiguration {
  readonly #root: string;
  readonly #monotonic: () => number;
  readonly #watches: DirectoryWatches;
  #hasEvent = false;
  #isClosed = false;
  #state: State | undefined;

  /**
   * Takes where the host's root is mounted, such as `/`, and a clock in seconds that never goes back. Reads nothing.
   */
  constructor(rootfs: string, monotonic: () => number) {
    this.#root = Buffer.from(rootfs).toString('latin1').replace(/\/+$/, '');
    this.#monotonic = monotonic;
    this.#watches = new DirectoryWatches(() => {
      this.#hasEvent = true;
    });
  }

  /**
   * The reading: the same object as before unless something has changed. An unchanged configuration costs a stat of
   * every directory. Never throws.
   */
  read(): BootReading {
    const now = this.#monotonic();
    const before = this.#state;
    const isSuspect = before === undefined || this.#hasEvent || this.#isMoved(before.listing);
    if (!isSuspect && now - before.checkedAt < RECHECK_SECONDS) return before.reading;

    const found = findApplier(this.#root);
    const listing = listConfig(this.#root, rulesOf(found) ?? NO_RULES);
    const signature = signatureOf(found, listing);
    if (!isSuspect && signature === before.signature) {
      this.#state = { ...before, checkedAt: now };
      return before.reading;
    }
    this.#hasEvent = false;
    this.#watch(listing);
    const loaded = this.#load(found, listing);
    const reading = loaded.content === before?.content ? before.reading : loaded.make();
    this.#state = { listing, signature, content: loaded.content, reading, checkedAt: now };
    return reading;
  }

  /** Releases the watches; a reading is still possible. */
  close(): void {
    this.#isClosed = true;
    this.#watches.set(new Map());
  }

  #isMoved({ directories, absent }: Listing): boolean {
    return (
      [...directories].some(([path, known]) => this.#stamp(path) !== known) ||
      // The first question costs one look; what it misses behind links of another root is found at the next listing.
      absent.some((path) => existsSync(bytes(this.#root + path)) && 'path' in findInRoot(this.#root, path))
    );
  }

  #stamp(path: string): string | undefined {
    try {
      return stamp(statSync(bytes(`${this.#root}${path}/`), { bigint: true }));
    } catch {
      return undefined;
    }
  }

  // Before the files are read, so that no later change is missed. One made between the listing and a new watch shows
  // when all is read once more, at the next call.
  #watch({ watched }: Listing): void {
    if (this.#isClosed) return;
    const directories = new Map([...watched].map(([path, identity]) => [`${this.#root}${path}/`, identity]));
    if (this.#watches.set(directories)) this.#hasEvent = true;
  }

  #load(found: FoundApplier, listing: Listing): { content: string; make: () => BootReading } {
    const rules = rulesOf(found);
    // What nobody can make anything of need not be readable; that there is a host at all must be seen.
    const files = rules === undefined ? [] : listing.files.map((file) => readConfigFile(this.#root, file));
    const listed = rules === undefined && listing.isHost ? [] : listing.errors;
    const errors = [...listed, ...files.flatMap(({ error }) => error ?? [])];
    const content = JSON.stringify([found, listing.isHost, errors, files.map(({ label, text }) => [label, text])]);
    const make = () => ({
      ...found,
      success: errors.length === 0,
      ...(errors.length > 0 && { error: oneLine(errors) }),
      predict:
        rules !== undefined && listing.isHost ? predictor(new BootWrites(rules, parseConfig(rules, files))) : unknown,
    });
    return { content, make };
  }
}

/** By which the directories are listed where nothing is read of them: a change of the host is seen there. */
const NO_RULES: Pick<ApplierRules, 'readsHidden' | 'lastFile'> = { readsHidden: false, lastFile: undefined };

function rulesOf({ applier }: FoundApplier): ApplierRules | undefined {
  return applier === 'unknown' ? undefined : APPLIERS[applier];
}

const unknown: Predict = (rule, names) =>
  (rule.combine === undefined ? [undefined] : names).map(() => {
    return { value: undefined, origin: 'kernel_default', file: '', line: undefined };
  });

// Differs whenever a listing or what a file holds does.
function signatureOf(applier: FoundApplier, { files, directories, errors }: Listing): string {
  const found = files.map(({ label, found }) => [
    label,
    'path' in found ? [found.path, stamp(found.stats)] : found.code,
  ]);
  return JSON.stringify([applier, errors, [...directories], found]);
}

function oneLine(errors: readonly string[]): string {
  const more = errors.length - MOST_ERRORS;
  return errors.slice(0, MOST_ERRORS).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
