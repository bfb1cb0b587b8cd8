import { type Candidate, type FilePosition, recognise } from './file-position.ts';

/** Where a log goes on. */
export interface Next {
  readonly candidate: Candidate;
  /** In bytes; more than the candidate's size if it has lost its tail. */
  readonly offset: number;
}

/**
 * The file in which a log goes on: the oldest beside its name that has something unread and is no older than the last one that was
 * followed (its last writing, in milliseconds since the epoch), else the one that bears the name; undefined if there is none. Takes
 * the files beside the name, what bears the name, and the files known from before. Gives also which of these is which
 * of those, and how far each file beside the name is read that is known or no older than the last one.
 */
export function chooseNext(
  siblings: readonly Candidate[],
  name: Candidate | undefined,
  positions: readonly FilePosition[],
  lastModified: number,
): { next: Next | undefined; known: Map<Candidate, FilePosition>; places: Next[] } {
  const known = recognise(name === undefined ? siblings : [...siblings, name], positions);
  const places = siblings
    .toSorted(byAge)
    .filter((candidate) => known.has(candidate) || candidate.modified >= lastModified)
    .map((candidate) => ({ candidate, offset: known.get(candidate)?.offset ?? 0 }));
  const past = places.find(({ candidate, offset }) => offset < candidate.size);
  const present = name && { candidate: name, offset: known.get(name)?.offset ?? 0 };
  return { next: past ?? present, known, places };
}

/** Oldest first. Files that were written within one tick of the kernel's clock are told by how rotation names them: 2 is older than 1, yesterday older than today. */
function byAge(a: Candidate, b: Candidate): number {
  if (a.modified !== b.modified) return a.modified - b.modified;
  const [first, second] = [rotationNumber(a), rotationNumber(b)];
  return first !== undefined && second !== undefined ? second - first : a.path.localeCompare(b.path);
}

function rotationNumber({ path }: Candidate): number | undefined {
  const digits = /\.(\d{1,4})$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
