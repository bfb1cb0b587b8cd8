/** What a terminal of old is wide. */
export const WIDTH = 80;

/** A text in lines of at most 80 columns, as far as its words allow. Takes the columns to leave free on the left. Pure. */
export function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && indent + last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => ' '.repeat(indent) + line);
}

/** A cell of a table. */
export interface Cell {
  readonly text: string;
  /** It falls short, and is shown so. */
  readonly isBad?: boolean;
}

/** Lays rows out in columns, two blanks between them; the last is wrapped. Takes what shows a text that falls short. Pure. */
export function columns(
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  paint: (text: string) => string,
): string[] {
  const all = [heads.map((text): Cell => ({ text })), ...rows];
  const widths = heads.slice(0, -1).map((_, column) => Math.max(...all.map((row) => row[column]?.text.length ?? 0)));
  const left = INDENT + widths.reduce((sum, width) => sum + width + GAP, 0);
  return all.flatMap((row) => {
    const cells = widths.map((width, column) => {
      const { text, isBad } = row[column] as Cell;
      return (isBad ? paint(text) : text) + ' '.repeat(width - text.length);
    });
    const [first = '', ...others] = wrap(row.at(-1)?.text ?? '', left);
    return [`${' '.repeat(INDENT)}${cells.join(' '.repeat(GAP))}${first.slice(left - GAP)}`.trimEnd(), ...others];
  });
}

const INDENT = 2;
const GAP = 2;
