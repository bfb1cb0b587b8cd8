/** What compressors add to a name. */
const COMPRESSED = /\.(?:gz|zst|bz2|xz|lz4|Z)$/;
/** What logrotate adds to a name: a number that grows with age, or the date (`dateext`, `-20261122`, with hours or seconds too). */
const NUMBERED = /^(.+)\.(\d{1,6})$/;
const DATED = /^(.+)-(\d{4}-?\d\d-?\d\d(?:-?\d{1,10})?)$/;

interface Place {
  readonly series: string;
  /** Lower is older. */
  readonly age: readonly [number, string];
}

/**
 * Puts the files of rotated series, in whatever order a shell gave them, oldest first: kern.log.2.gz, kern.log.1, kern.log. A series stands
 * where its first file stood; all else stays where it was.
 */
export function oldestFirst(paths: readonly string[]): string[] {
  const series = new Map<string, string[]>();
  for (const path of paths) {
    const name = placeOf(path).series;
    series.set(name, [...(series.get(name) ?? []), path]);
  }
  return [...series.values()].flatMap((files) => files.toSorted((a, b) => compare(placeOf(a).age, placeOf(b).age)));
}

/** Dated files are older than numbered ones, and both than the one that is written. */
function placeOf(path: string): Place {
  const name = path.replace(COMPRESSED, '');
  const [, numbered, number] = NUMBERED.exec(name) ?? [];
  if (numbered !== undefined) return { series: numbered, age: [-Number(number), ''] };
  const [, dated, date = ''] = DATED.exec(name) ?? [];
  if (dated !== undefined) return { series: dated, age: [Number.NEGATIVE_INFINITY, date.replaceAll('-', '')] };
  return { series: name, age: [0, ''] };
}

function compare(a: Place['age'], b: Place['age']): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] < b[1] ? -1 : Number(a[1] > b[1]);
}
