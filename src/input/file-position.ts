import { closeSync, openSync, readSync, type Stats } from 'node:fs';

/** How many first bytes tell a file from another that got its inode or its name. */
export const FINGERPRINT_BYTES = 1024;

/** How far a file was read, and what tells it from others. Survives the process. */
export interface FilePosition {
  readonly device: number;
  readonly inode: number;
  /** Bytes read, up to the end of a line. */
  readonly offset: number;
  /** When it was last written, in milliseconds since the epoch. */
  readonly modified: number;
  /** Its first bytes, at most FINGERPRINT_BYTES and at most what was read, as base64. */
  readonly fingerprint: string;
}

/** A file that may be one of those, under the name it has now. */
export interface Candidate {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  readonly modified: number;
  readonly head: Buffer;
}

/** Takes a path and what stat(2) says of it. Throws what open(2) says. */
export function lookAt(path: string, stats: Stats): Candidate {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(Math.min(FINGERPRINT_BYTES, stats.size));
    const bytes = readSync(fd, head, 0, head.length, 0);
    return { ...identityOf(stats), path, size: stats.size, modified: stats.mtimeMs, head: head.subarray(0, bytes) };
  } finally {
    closeSync(fd);
  }
}

function identityOf({ dev, ino }: Stats): { device: number; inode: number } {
  return { device: dev, inode: ino };
}

/**
 * Which candidate is which file that was read before. Identity alone does not tell, because inodes are given out again; the first
 * bytes must be the same too. A position whose file is not there any more belongs to a candidate that begins alike and holds at
 * least as much: somebody put a copy in its place.
 */
export function recognise(
  candidates: readonly Candidate[],
  positions: readonly FilePosition[],
): Map<Candidate, FilePosition> {
  const known = new Map<Candidate, FilePosition>();
  const lost: FilePosition[] = [];
  for (const position of positions) {
    const same = candidates.find((candidate) => !known.has(candidate) && isSame(candidate, position));
    if (same === undefined) lost.push(position);
    else known.set(same, position);
  }
  for (const position of lost) {
    const copy = candidates.find((candidate) => !known.has(candidate) && isCopy(candidate, position));
    if (copy !== undefined) known.set(copy, position);
  }
  return known;
}

/** Shorter than what was read of it, but not empty: it lost its tail in a power cut. */
function isSame(candidate: Candidate, { device, inode, fingerprint, offset }: FilePosition): boolean {
  if (candidate.device !== device || candidate.inode !== inode) return false;
  return offset === 0 || (candidate.size > 0 && beginsAlike(candidate.head, Buffer.from(fingerprint, 'base64')));
}

function isCopy({ head, size }: Candidate, { fingerprint, offset }: FilePosition): boolean {
  const first = Buffer.from(fingerprint, 'base64');
  return offset > 0 && size >= offset && head.length >= first.length && beginsAlike(head, first);
}

function beginsAlike(a: Buffer, b: Buffer): boolean {
  const length = Math.min(a.length, b.length);
  return a.compare(b, 0, length, 0, length) === 0;
}
