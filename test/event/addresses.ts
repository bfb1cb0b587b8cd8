import fc from 'fast-check';

/** Eight 16-bit groups, zeros more often than chance gives them. */
export const ipv6Groups = fc.oneof(
  fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(0xffff) }), {
    minLength: 8,
    maxLength: 8,
  }),
  fc.tuple(fc.nat(0xffff), fc.nat(0xffff)).map(([g, h]) => [0, 0, 0, 0, 0, 0xffff, g, h]),
);

export const ipv4Text = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((bytes) => bytes.join('.'));

/** One of the ways to write an address: padded or not, either case, any run of zeros compressed, dotted quad at the end. */
export function ipv6Spelling(groups: readonly number[]): fc.Arbitrary<string> {
  const runs: [number, number][] = [];
  for (let start = 0; start < 8; start++) {
    for (let end = start + 1; end <= 8 && groups[end - 1] === 0; end++) runs.push([start, end]);
  }
  return fc
    .record({
      run: fc.option(fc.nat(Math.max(0, runs.length - 1))),
      widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
      upper: fc.boolean(),
      dotted: fc.boolean(),
    })
    .map(({ run, widths, upper, dotted }) => {
      const hex = groups.map((group, index) => {
        const text = group.toString(16).padStart(widths[index] as number, '0');
        return upper ? text.toUpperCase() : text;
      });
      const [start, end] = (run === null ? undefined : runs[run]) ?? [8, 8];
      const [g = 0, h = 0] = groups.slice(6);
      // The last two groups as a dotted quad, unless the compressed run reaches into them.
      if (dotted && (end <= 6 || start === 8)) hex.splice(6, 2, `${g >> 8}.${g & 255}.${h >> 8}.${h & 255}`);
      if (start === 8) return hex.join(':');
      return `${hex.slice(0, start).join(':')}::${hex.slice(end).join(':')}`;
    });
}

/** As netfilter prints it (`%pI6`). */
export function padded(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
}

/** RFC 5952 by another way than the code's: the longest of all runs of zeros, by a regular expression over one letter a group. */
export function rfc5952(groups: readonly number[]): string {
  const zeros = groups.map((group) => (group === 0 ? '0' : 'x')).join('');
  const longest = [...zeros.matchAll(/0{2,}/g)].reduce<RegExpExecArray | undefined>(
    (best, run) => (best === undefined || run[0].length > best[0].length ? run : best),
    undefined,
  );
  const hex = groups.map((group) => group.toString(16));
  if (longest === undefined) return hex.join(':');
  return `${hex.slice(0, longest.index).join(':')}::${hex.slice(longest.index + longest[0].length).join(':')}`;
}
