/** One interface that could have rows of its own. */
export interface Candidate {
  label: string;
  /** The name in bytes: what the order within a class is by. */
  name: Buffer;
  /** The kernel acts on a value that the policy forbids, for any rule of any family. */
  effectiveViolator: boolean;
  /** The interface's own value is one that the policy forbids, for any rule of any family. */
  runtimeViolator: boolean;
  /** After a boot the interface's own value will be one that the policy forbids, for any rule of any family. */
  persistedViolator: boolean;
}

/**
 * Chooses the labels that get rows of their own, at most `max` in all: `all`, `default`, `lo`, effective violators,
 * runtime violators, persisted violators, physical devices, the rest; in byte order within each. A host with a thousand
 * veth pairs must not have a thousand series per rule, and what a person has to look at comes first. `isPhysical` is
 * asked only when the limit is exceeded and places are left after the violators, because it costs a look at the disk.
 * Pure but for that.
 */
export function chooseInterfaces(
  candidates: readonly Candidate[],
  max: number,
  isPhysical: (candidate: Candidate) => boolean,
): Set<string> {
  const chosen = new Set(['all', 'default'].slice(0, Math.max(0, max)));
  const waiting = [...candidates].sort((a, b) => Buffer.compare(a.name, b.name));
  const everyone = () => true;
  const classes: ((candidate: Candidate) => boolean)[] =
    chosen.size + waiting.length <= max
      ? [everyone]
      : [
          ({ label }) => label === 'lo',
          ({ effectiveViolator }) => effectiveViolator,
          ({ runtimeViolator }) => runtimeViolator,
          ({ persistedViolator }) => persistedViolator,
          isPhysical,
          everyone,
        ];
  for (const belongs of classes) {
    for (const candidate of waiting) {
      if (chosen.size >= max) return chosen;
      if (!chosen.has(candidate.label) && belongs(candidate)) chosen.add(candidate.label);
    }
  }
  return chosen;
}
