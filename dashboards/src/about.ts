/** What a panel says of itself. All of it is for somebody who sees this board for the first time. */
export interface About {
  readonly means: string;
  /** What one could wrongly read from it. */
  readonly not: string;
  readonly next: string;
}

/** The description of a panel, in Markdown. */
export function describe({ means, not, next }: About): string {
  return `${means}\n\n**Not:** ${not}\n\n**Next:** ${next}`;
}
