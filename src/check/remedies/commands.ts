import { shellWord } from './shell-word.ts';

/** Longer than this, a command of words is broken into lines. */
const MAX_LENGTH = 76;
/** Between commands of which each needs the one before. */
const AND = ' &&\n  ';

/** A path, or a line of a file, as bytes or as text in UTF-8. */
type Bytes = Buffer | string;

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

  /** Writes one line into a file of the kernel. */
  write(line: string, file: Bytes): string {
    return this.#pipe([line], `tee ${shellWord(file)} > /dev/null`);
  }

  /** Makes a file of these lines, and its directory. A file or link of that name is replaced once the new file is complete. */
  replaceFile(lines: readonly Bytes[], file: Buffer, hasDirectory: boolean): string {
    const next = Buffer.concat([file, Buffer.from('.new')]);
    const directory = file.subarray(0, file.lastIndexOf('/'));
    return [
      ...(hasDirectory ? [] : [this.run('mkdir -p -m 755', shellWord(directory))]),
      this.#pipe(lines, `tee ${shellWord(next)} > /dev/null`),
      // Whatever umask root has: the exporter reads it, too.
      this.run('chmod 644', shellWord(next)),
      this.#move(next, file),
    ].join(AND);
  }

  /** Edits a file by a script of sed. A target that is not the source becomes an edited copy of it once that is complete. */
  editFile(script: readonly string[], source: Buffer, target: Buffer): string {
    const sed = (file: Buffer) => this.run('sed -i', ...script.map((each) => `-e ${shellWord(each)}`), shellWord(file));
    if (source.equals(target)) return sed(target);
    const next = Buffer.concat([target, Buffer.from('.new')]);
    return [this.run('cp -p', shellWord(source), shellWord(next)), sed(next), this.#move(next, target)].join(AND);
  }

  // -f, because root's shell may have an alias that asks.
  #move(from: Buffer, to: Buffer): string {
    return this.run('mv -f', shellWord(from), shellWord(to));
  }

  #pipe(lines: readonly Bytes[], reader: string): string {
    const words = lines.map(shellWord);
    const [only = ''] = words;
    const last = this.#sudo + reader;
    // echo of dash expands backslashes.
    if (words.length !== 1 || only.includes('\\')) return ["printf '%s\\n'", ...words, `| ${last}`].join(' \\\n  ');
    const line = `echo ${only} | ${last}`;
    return line.length <= MAX_LENGTH ? line : `echo ${only} |\n  ${last}`;
  }
}
