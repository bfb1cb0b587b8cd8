import { readProjectFile } from './rule-file.ts';

export const RUNBOOKS = 'docs/runbooks';

/** A fenced block of a runbook. */
export interface Block {
  readonly language: string;
  /** What stands after the language: how it is meant. */
  readonly mark: string;
  readonly text: string;
  readonly line: number;
}

/** The fenced blocks of a runbook, in order. Takes the name of its alert, or README. */
export function blocksOf(name: string): readonly Block[] {
  return parseBlocks(readProjectFile(`${RUNBOOKS}/${name}.md`));
}

/** The fenced blocks of a Markdown text. */
export function parseBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const match of markdown.matchAll(/^```(\S*) ?(.*)\n([\s\S]*?)^```$/gm)) {
    const [, language = '', mark = '', text = ''] = match;
    blocks.push({ language, mark, text, line: markdown.slice(0, match.index).split('\n').length });
  }
  return blocks;
}

/** Whether a block of shell commands is run by the tests; else the reason why not. Undefined for one that says neither. */
export function howItRuns({ mark }: Block): true | string | undefined {
  if (mark === 'run') return true;
  return /^host: (.+)$/.exec(mark)?.[1];
}
