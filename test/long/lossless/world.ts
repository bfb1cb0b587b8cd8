import {
  chmodSync,
  closeSync,
  copyFileSync,
  ftruncateSync,
  futimesSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A writer that was told to open its log again may go on in the old file for so long, in milliseconds. */
const WRITER_GRACE_MS = 5_000;
/** What rotation keeps beside the log. */
const MAX_ROTATED = 6;

/** What must become of a line. */
type Fate =
  /** It must be read, once. */
  | 'due'
  /** It may be read, once: it was written between the last read and a truncation, or no file holds it any more. */
  | 'may be lost'
  /** It was there before us: it must not be read. */
  | 'not ours';

interface Line {
  readonly text: string;
  fate: Fate;
  /** Copies of its file that hold it too. */
  readonly copies: LogFile[];
}

/** One file, whatever its names are. */
class LogFile {
  readonly fd: number;
  /** The file itself; in a linked world its names are links to it. */
  readonly path: string;
  /** Where a reader of the log may find it: under the log's name, or beside it. */
  readonly names = new Set<string>();
  /** What it holds, in order. */
  lines: Line[] = [];
  /** What is still to be written of its last line. */
  partial: { readonly line: Line; readonly rest: string } | undefined;
  size = 0;
  /** Whether the reader that runs now has it open for certain. */
  opened = false;
  /** When it lost the log's name. */
  unnamedAt: number | undefined;
  /** Since when no reader can be expected to look for it. */
  orphanedAt: number | undefined;

  constructor(path: string) {
    this.path = path;
    this.fd = openSync(path, 'a');
  }
}

/** A log's world: how it lies in its directory. */
export interface Setting {
  /** Whether the log's name is a symbolic link to a file elsewhere. */
  readonly linked: boolean;
  /** Whether rotated files are named by date, else by number, moving up. */
  readonly dated: boolean;
  /** Lines that the log holds already; undefined if it is not there yet. */
  readonly before: number | undefined;
  /** Whether those count. */
  readonly from: 'start' | 'end';
}

/**
 * A log, whoever writes it, whoever rotates it, and what its reader owes: for each line whether it must be, may be or must not
 * be read. Times of files follow the given clock.
 */
export class World {
  readonly path: string;
  readonly #directory: string;
  readonly #setting: Setting;
  readonly #now: () => number;
  /** By name: the log and what was rotated. */
  readonly #names = new Map<string, LogFile>();
  readonly #files: LogFile[] = [];
  readonly #lines = new Map<string, Line>();
  /** What the writer has open. */
  #written: LogFile | undefined;
  /** What has borne the name since the reader is known to have looked: it may follow any of them. */
  #borne = new Set<LogFile>();
  /** What was rotated before there was a reader. */
  readonly #foreign: LogFile | undefined;
  /** Whether the reader's permission is taken away. */
  isLocked = false;
  #rotations = 0;
  /** Lines whose file is gone or was truncated. */
  readonly #adrift = new Set<Line>();
  /** Whether a reader runs: it keeps what it has open. */
  #reading = false;
  /** What the reader, or what it left, has counted. */
  #read = new Set<string>();

  constructor(parent: string, setting: Setting, now: () => number) {
    this.#directory = mkdtempSync(join(parent, 'srcroute-lossless-'));
    chmodSync(this.#directory, 0o755);
    mkdirSync(join(this.#directory, 'elsewhere'));
    this.path = join(this.#directory, 'log');
    this.#setting = setting;
    this.#now = now;
    if (setting.before === undefined) return;
    this.append(setting.before);
    this.#foreign = this.#written;
    this.rename();
    this.reopen();
    this.append(setting.before);
    for (const line of this.#lines.values()) line.fate = 'not ours';
    if (setting.from === 'start') for (const line of this.#names.get(this.path)?.lines ?? []) line.fate = 'due';
  }

  remove(): void {
    for (const { fd } of this.#files) closeSync(fd);
    rmSync(this.#directory, { recursive: true, force: true });
  }

  // --- what the reader does ---

  /** A reader has begun with what a former one has counted. */
  begin(counted: ReadonlySet<string>): void {
    this.#reading = true;
    this.#read = new Set(counted);
    this.#reckon();
  }

  /** The reader ended, and left behind what it had counted by then. */
  end(counted: ReadonlySet<string>): void {
    this.#reading = false;
    for (const file of this.#files) file.opened = false;
    this.#read = new Set(counted);
    this.#reckon();
  }

  /** What has been counted by now. */
  counted(): Set<string> {
    return new Set(this.#read);
  }

  /** The reader has read a line. Throws if it must not have. */
  take(text: string): void {
    const line = this.#lines.get(text);
    if (line === undefined) throw new Error(`Read what was never written: ${JSON.stringify(text)}`);
    if (line.fate === 'not ours') throw new Error(`Read what was there before: ${text}`);
    if (this.#read.has(text)) throw new Error(`Read twice: ${text}`);
    this.#read.add(text);
  }

  /** The reader has looked at the log and was at its end without trouble. */
  caughtUp(): void {
    const file = this.#names.get(this.path);
    if (file !== undefined) file.opened = true;
    this.#borne = new Set(file === undefined ? this.#borne : [file]);
  }

  /** Lines that are still to be read. */
  missing(): string[] {
    return [...this.#lines.values()]
      .filter(({ text, fate }) => fate === 'due' && !this.#read.has(text))
      .map(({ text }) => text);
  }

  // --- what the writer does ---

  append(lines: number): void {
    const file = this.#writer();
    for (let count = 0; count < lines; count++) {
      this.#finish(file);
      const line = this.#line();
      this.#write(file, `${line.text}\n`);
      file.lines.push(line);
    }
    this.#reckon();
  }

  /** Writes the beginning of a line. */
  begun(bytes: number): void {
    const file = this.#writer();
    this.#finish(file);
    const line = this.#line();
    line.fate = 'may be lost';
    const end = 1 + (bytes % line.text.length);
    this.#write(file, line.text.slice(0, end));
    file.partial = { line, rest: `${line.text.slice(end)}\n` };
    this.#reckon();
  }

  /** Opens the log's name anew. */
  reopen(): void {
    this.create();
    this.unlock();
    this.#written = this.#names.get(this.path);
  }

  // --- what becomes of the log ---

  create(): void {
    if (this.#names.has(this.path)) return;
    const file = this.#make();
    if (this.#setting.linked) symlinkSync(file.path, this.path);
    this.#name(this.path, file);
    for (const other of this.#files) if (other !== file) other.orphanedAt ??= this.#now();
  }

  rename(): void {
    const file = this.#names.get(this.path);
    if (file === undefined) return;
    this.unlock();
    const target = this.#rotatedName();
    renameSync(this.path, target);
    this.#name(target, file);
    this.#unname(this.path);
  }

  /** Rotation by a second name: the first goes when the log is deleted or replaced. */
  link(): void {
    const file = this.#names.get(this.path);
    if (file === undefined || file.names.size > 1) return;
    const target = this.#rotatedName();
    if (this.#setting.linked) symlinkSync(file.path, target);
    else linkSync(this.path, target);
    this.#name(target, file);
  }

  /** Has lines written between the copy and the truncation: no reader can tell them. */
  copyTruncate(between: number): void {
    const file = this.#names.get(this.path);
    if (file === undefined || file.names.size > 1) return;
    this.unlock();
    const target = this.#rotatedName();
    copyFileSync(this.path, target);
    this.#touch(target);
    const copy = new LogFile(target);
    this.#files.push(copy);
    copy.orphanedAt = this.#now();
    this.#name(target, copy);
    for (const line of file.lines) line.copies.push(copy);
    if (this.#written === file) this.append(between);
    this.truncate();
  }

  truncate(): void {
    const file = this.#names.get(this.path);
    if (file === undefined) return;
    ftruncateSync(file.fd);
    futimesSync(file.fd, this.#now() / 1000, this.#now() / 1000);
    const gone = file.lines;
    file.lines = [];
    file.partial = undefined;
    file.size = 0;
    for (const line of gone) {
      if (line.fate === 'due' && !this.#read.has(line.text) && (this.#reading || line.copies.length === 0)) {
        line.fate = 'may be lost';
      }
    }
    this.#gone(gone);
  }

  /** Truncates, and writes more than was there before. */
  regrow(): void {
    const size = this.#names.get(this.path)?.size ?? 0;
    this.truncate();
    this.reopen();
    while ((this.#written?.size ?? size) <= size) this.append(1);
  }

  delete(): void {
    const file = this.#names.get(this.path);
    if (file === undefined) return;
    this.unlock();
    rmSync(this.path);
    this.#unname(this.path);
    this.#reckon();
  }

  /** Compression, or the end of what is kept. */
  dropOldest(): void {
    const [name] = [...this.#names.keys()].filter((other) => other !== this.path);
    if (name === undefined) return;
    rmSync(name);
    this.#unname(name);
    this.#reckon();
  }

  /** Points the link to another file: one that it pointed to before, or a new one. */
  switch(choice: number): void {
    const present = this.#names.get(this.path);
    if (!this.#setting.linked || present === undefined) return;
    this.unlock();
    // A link that is back before anybody looked has not changed: what was rotated meanwhile is not looked for.
    const unseen = this.#names.size > 1 ? this.#borne : [];
    const barred = [present, this.#foreign, ...unseen];
    const others = this.#files.filter(
      (file) =>
        !barred.includes(file) &&
        // The end of a line is not waited for for ever.
        file.partial === undefined &&
        file.names.size === 0 &&
        dirname(file.path) !== this.#directory,
    );
    const file = others[choice % (others.length + 1)] ?? this.#make();
    symlinkSync(file.path, `${this.path}~`);
    renameSync(`${this.path}~`, this.path);
    this.#unname(this.path);
    this.#name(this.path, file);
    present.orphanedAt ??= this.#now();
    this.#reckon();
  }

  /** Takes the reader's permission away. */
  lock(): void {
    this.isLocked = this.#names.has(this.path);
    if (this.isLocked) chmodSync(this.path, 0);
  }

  unlock(): void {
    this.isLocked = false;
    if (this.#names.has(this.path)) chmodSync(this.path, 0o644);
  }

  // --- the books ---

  #line(): Line {
    const number = this.#lines.size + 1;
    // Their first bytes differ: what begins alike cannot be told apart by anybody.
    const mixed = (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
    const text = `${mixed} ${number} ${'x'.repeat((number * number) % (number % 13 === 0 ? 700 : 40))}`;
    const line: Line = { text, fate: 'due', copies: [] };
    this.#lines.set(text, line);
    return line;
  }

  #writer(): LogFile {
    const file = this.#written;
    const late = file?.orphanedAt !== undefined && this.#now() >= file.orphanedAt + WRITER_GRACE_MS;
    // What was written into the new file is not followed by what goes to the old one.
    if (file === undefined || late) this.reopen();
    return this.#written as LogFile;
  }

  #write(file: LogFile, text: string): void {
    writeSync(file.fd, text);
    file.size += text.length;
    futimesSync(file.fd, this.#now() / 1000, this.#now() / 1000);
  }

  #finish(file: LogFile): void {
    if (file.partial === undefined) return;
    const { line, rest } = file.partial;
    file.partial = undefined;
    this.#write(file, rest);
    line.fate = 'due';
    file.lines.push(line);
  }

  #make(): LogFile {
    const path = this.#setting.linked ? join(this.#directory, 'elsewhere', `${this.#files.length}`) : this.path;
    const file = new LogFile(path);
    this.#touch(path);
    this.#files.push(file);
    return file;
  }

  #touch(path: string): void {
    utimesSync(path, this.#now() / 1000, this.#now() / 1000);
  }

  #rotatedName(): string {
    this.#rotations += 1;
    if (this.#setting.dated) {
      const name = `${this.path}-2026${String(this.#rotations).padStart(4, '0')}`;
      if (this.#names.size > MAX_ROTATED) this.dropOldest();
      return name;
    }
    for (let number = MAX_ROTATED; number >= 1; number--) {
      const name = `${this.path}.${number}`;
      const file = this.#names.get(name);
      if (file === undefined) continue;
      if (number === MAX_ROTATED) {
        rmSync(name);
        this.#unname(name);
        this.#reckon();
      } else {
        renameSync(name, `${this.path}.${number + 1}`);
        this.#name(`${this.path}.${number + 1}`, file);
        this.#unname(name);
      }
    }
    return `${this.path}.1`;
  }

  #name(name: string, file: LogFile): void {
    this.#names.set(name, file);
    file.names.add(name);
    if (name !== this.path) return;
    file.orphanedAt = undefined;
    this.#borne.add(file);
  }

  #unname(name: string): void {
    const file = this.#names.get(name);
    this.#names.delete(name);
    file?.names.delete(name);
    if (file === undefined) return;
    if (name === this.path) file.unnamedAt = this.#now();
    if (file.names.size === 0) file.orphanedAt ??= file.unnamedAt ?? this.#now();
  }

  /** Whether a reader can come by a file. */
  #holds(file: LogFile): boolean {
    return file.names.size > 0 || (this.#reading && file.opened);
  }

  /** Lines that are in no file any more may be lost. */
  #reckon(): void {
    for (const file of this.#files) if (!this.#holds(file)) this.#gone(file.lines);
    for (const line of this.#adrift) this.#judge(line);
  }

  #gone(lines: readonly Line[]): void {
    for (const line of lines) {
      this.#adrift.add(line);
      this.#judge(line);
    }
  }

  #judge(line: Line): void {
    const held = line.copies.some((copy) => this.#holds(copy));
    if (line.fate === 'due' && !this.#read.has(line.text) && !held) line.fate = 'may be lost';
  }
}
