import type { Next } from './choose-next.ts';
import type { Candidate, FilePosition } from './file-position.ts';

/** Far more than are ever younger than the file that is followed. */
export const MAX_KNOWN = 32;
/** Stands for a file that was truncated: what it was may be in a copy, which is known by its first bytes. */
const NO_INODE = 0;

/** Files beside a log that are not open, and how far each was read: found again, it is read on from there. */
export class KnownFiles {
  #known: readonly FilePosition[];
  /** Read, and under no name that is looked at now. */
  #missing: readonly FilePosition[] = [];

  constructor(positions: readonly FilePosition[]) {
    this.#known = positions;
  }

  get positions(): readonly FilePosition[] {
    return this.#known;
  }

  /** The missing ones, too: a link may point to one again. */
  get all(): readonly FilePosition[] {
    return [...this.#known, ...this.#missing];
  }

  add(position: FilePosition): void {
    this.#known = [position, ...this.#known];
  }

  addTruncated(position: FilePosition): void {
    this.add({ ...position, inode: NO_INODE });
  }

  /** To be told of a file that is opened. */
  remove(file: Identity): void {
    this.#known = this.#known.filter((position) => !isSame(position, file));
  }

  /** Takes what is there now: what was missing may be back. */
  recall(candidates: readonly Candidate[]): void {
    const isBack = (missing: FilePosition) => candidates.some((candidate) => isSame(candidate, missing));
    this.#known = [...this.#known, ...this.#missing.filter(isBack)];
    this.#missing = this.#missing.filter((position) => !isBack(position));
  }

  /** Takes what was recognised, and what is to be read. */
  update(recognised: ReadonlyMap<Candidate, FilePosition>, places: readonly Next[]): void {
    const found = new Set(recognised.values());
    // No longer taken for a copy by whatever begins alike: that would be a new file sooner or later.
    const lost = this.#known.filter(
      (position) => !found.has(position) && position.inode !== NO_INODE && position.offset > 0,
    );
    this.#missing = [...lost, ...this.#missing].slice(0, MAX_KNOWN);
    this.#known = [
      // A copy is known as the file that it is.
      ...[...recognised].map(([{ device, inode }, position]) => ({ ...position, device, inode })),
      // What is seen once is read, also when it is older than what is read before it.
      ...places.flatMap(({ candidate }) => (recognised.has(candidate) ? [] : { ...asRead(candidate), offset: 0 })),
    ].slice(0, MAX_KNOWN);
  }
}

/** What was there before us counts as read. */
export function asRead({ device, inode, size, modified, head }: Candidate): FilePosition {
  return { device, inode, offset: size, modified, fingerprint: head.toString('base64') };
}

interface Identity {
  readonly device: number;
  readonly inode: number;
}

/** Whether two are one file: a name more is no other file. */
export function isSame(one: Identity, other: Identity): boolean {
  return one.device === other.device && one.inode === other.inode;
}
