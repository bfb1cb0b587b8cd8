/** Labels of interfaces for a sentence: the first few, and how many more, of so many in all. Pure; throws nothing. */
export function names(labels: readonly string[], max = 3, total = labels.length): string {
  if (total > max) return `${labels.slice(0, max).join(', ')} and ${total - max} more`;
  return total < 2 ? labels.join('') : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}`;
}

/** `1 interface`, `2 interfaces`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `is` or `are`, as the number wants. */
export function verb(number: number, singular: string, plural: string): string {
  return number === 1 ? singular : plural;
}

export function familyName(family: string): string {
  return family === '' ? '' : family.replace('ip', 'IP');
}
