import { shellWord } from './shell-word.ts';

/** Longer than this, a command of words is broken into lines. */
const MAX_LENGTH = 76;

/** Commands for sh, to be run by root or by somebody who has sudo. */
export class Commands {
  readonly #sudo: string;

  constructor(isRoot: boolean) {
    this.#sudo = isRoot ? '' : 'sudo ';
  }

  /** A command as root. Takes its words as sh reads them. */
  run(...words: readonly string[]): string {
    return this.#sudo + words.join(' ');
  }

  /** Writes lines into a file as root, or one line into several. Takes the files as sh reads them. */
  write(lines: readonly string[], files: string): string {
    const words = lines.map(shellWord);
    const [only = ''] = words;
    const tee = `${this.#sudo}tee ${files} > /dev/null`;
    if (lines.length !== 1 || only.includes('\\')) return ["printf '%s\\n'", ...words, `| ${tee}`].join(' \\\n  ');
    const line = `echo ${only} | ${tee}`;
    return line.length <= MAX_LENGTH ? line : `echo ${only} |\n  ${tee}`;
  }
}
