import { type Stats, statSync } from 'node:fs';
import type { Log } from '../log/log.ts';
import { chooseNext, type Next } from './choose-next.ts';
import { type Candidate, type FilePosition, lookAt } from './file-position.ts';
import { FollowedFile } from './followed-file.ts';
import { asRead, isSame, KnownFiles, MAX_KNOWN } from './known-files.ts';
import type { LineReader } from './line-reader.ts';
import { openError } from './open-error.ts';
import type { From, Input, InputPosition, InputStats, LogRecord, Step } from './record.ts';
import { rotatedSiblings } from './rotated-siblings.ts';
import { TailDelivery } from './tail-delivery.ts';

/** Identity and size of the name are looked at this often; tail wakes us before. */
const POLL_MS = 250;
/** Chunks of one step, of 64 KiB: some 3 ms of work, so that requests get their turn in a backlog, and what is made of them dies young. */
const MAX_CHUNKS = 1;
/** A writer keeps its descriptor for a while after the rename: the old file is read on so long. */
const LINGER_MS = 5_000;

/** A name in the file system, whatever files bear it: followed through rename, truncation, deletion and links. */
export class FileInput implements Input {
  readonly name: string;
  readonly stats: InputStats;
  readonly #lines: LineReader;
  readonly #log: Log;
  readonly #now: () => number;
  /** What a former process followed last, until it is found again or given up. */
  #sought: FilePosition | undefined;
  /** What bore the name when we began, if that is where to begin at the end. */
  readonly #initial: Stats | undefined;
  #records: LogRecord[] = [];
  #current: FollowedFile | undefined;
  #hasFollowed = false;
  /** Files that lost the name, and until when they are read on. */
  #retired: { readonly file: FollowedFile; until: number }[] = [];
  /** Files that were read, or were there before us. */
  readonly #known: KnownFiles;
  /** When the file that was followed last was last written: what is older was there before it. */
  #lastModified: number;
  readonly #tail: TailDelivery;
  #missingSince: number | undefined;
  #closed: InputPosition | undefined;
  #wake = () => {};

  /** Takes the path, the statistics to keep, where to begin in a file that is there already, what reads its lines, the log, the clock (milliseconds since the epoch), and the files a former process left, the one it followed first. */
  constructor(
    path: string,
    stats: InputStats,
    from: From,
    lines: LineReader,
    log: Log,
    now: () => number,
    saved?: readonly FilePosition[],
  ) {
    this.name = path;
    this.stats = stats;
    this.#lines = lines;
    this.#log = log;
    this.#now = now;
    this.#tail = new TailDelivery(log, now, POLL_MS);
    this.#sought = saved?.[0];
    this.#initial = saved === undefined && from === 'end' ? statName(path) : undefined;
    // What lies there now counts as read: all else is new.
    this.#known = new KnownFiles(saved ?? this.#siblings().map(asRead));
    this.#lastModified = this.#sought?.modified ?? Number.NEGATIVE_INFINITY;
  }

  step(): Step {
    // The position has moved: between reading and handing on, nothing may throw.
    const before = this.stats.records;
    const outcome = this.#attempt();
    if (this.stats.records > before) {
      this.stats.lastRecord = Math.max(this.stats.lastRecord ?? 0, this.#lines.lastTime() ?? this.#now() / 1000);
    }
    const records = this.#records;
    this.#records = [];
    this.stats.unreadBytes = this.#current === undefined ? 0 : this.#current.unread();
    return { records, ...outcome, waitMs: POLL_MS };
  }

  onWake(wake: () => void): void {
    this.#wake = wake;
  }

  /** The file that is followed, those still held, and those known. */
  position(): InputPosition {
    if (this.#closed !== undefined) return this.#closed;
    // Nothing was begun: what a former process left is still what is known.
    if (this.#current === undefined && this.#sought !== undefined) return { files: this.#known.positions };
    const held = this.#held().map((file) => file.position());
    return { files: [...held, ...this.#known.all].slice(0, MAX_KNOWN) };
  }

  close(): void {
    this.#closed = this.position();
    this.#tail.drop();
    this.#current?.close();
    for (const { file } of this.#retired) file.close();
    this.#current = undefined;
    this.#retired = [];
  }

  #attempt(): { more: boolean; trouble?: string | undefined } {
    try {
      return this.#advance();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const { message } = code === undefined ? (error as Error) : openError(this.name, error, 'file');
      return { more: false, trouble: message };
    }
  }

  #advance(): { more: boolean; trouble?: string | undefined } {
    this.#readRetired();
    const current = this.#current ?? this.#begin();
    this.#tail.take(current);
    if (!current.isIntact()) {
      this.#tail.drop();
      this.#restart(current);
    }
    const name = statName(this.name);
    const bearsName = name !== undefined && current.is(name);
    if (!bearsName) this.#tail.drop();
    if (!this.#tail.isOn && !this.#drain(current)) return { more: true };
    if (name !== undefined) this.#missingSince = undefined;
    // While the name is missing, what lies beside it is read all the same.
    if (!bearsName && this.#succeed(current)) return { more: true };
    if (name === undefined) return { more: false, trouble: this.#missing(current) };
    this.#tail.start(current, () => this.#wake());
    return { more: false };
  }

  /** The first file, or the first after the name was gone and its file deleted. */
  #begin(): FollowedFile {
    const found = this.#next();
    if (found === undefined) throw openError(this.name, { code: 'ENOENT' }, 'file');
    const { candidate, offset } = found;
    const initial = this.#hasFollowed ? undefined : this.#initial;
    const file = this.#open(candidate, (opened) => {
      if (initial !== undefined && opened.is(initial)) opened.skipTo(Math.min(initial.size, candidate.size));
      else opened.resume(Math.min(offset, candidate.size));
      // A repetition says what it repeats; the line it repeats may be the last one before we began.
      if (opened.offset > 0) this.#lines.follow(opened.lineBefore());
    });
    if (offset > candidate.size) this.#log.warn('Log lost its tail, going on at its end', { input: this.name });
    if (this.#hasFollowed) this.stats.reopens += 1;
    this.#follow(file);
    return file;
  }

  /** The file lost the name: goes on with the oldest that was not read yet; false if there is none. */
  #succeed(old: FollowedFile): boolean {
    this.#lastModified = old.stats().mtimeMs;
    const found = this.#next();
    if (found === undefined) return false;
    const { candidate, offset } = found;
    let isCopy = false;
    const next = this.#open(candidate, (opened) => {
      isCopy = old.stats().nlink === 0 && opened.isCopyOf(old);
      opened.resume(isCopy ? old.position().offset : Math.min(offset, candidate.size));
    });
    if (isCopy) old.close();
    else this.#retire(old);
    this.stats.reopens += 1;
    this.#follow(next);
    this.#log.info('Log was rotated', { input: this.name, next: candidate.path });
    return true;
  }

  /** Reads a file that lost the name for a while longer. */
  #retire(file: FollowedFile): void {
    this.#known.remove(file);
    this.#retired.push({ file, until: this.#now() + LINGER_MS });
  }

  /** The file to go on in; undefined if there is none. Throws when it may not be looked at. */
  #next(): Next | undefined {
    const stats = statName(this.name);
    const name = stats === undefined ? undefined : this.#lookAtName(stats);
    const siblings = this.#siblings(name);
    this.#known.recall(name === undefined ? siblings : [...siblings, name]);
    const positions = [...this.#held().map((file) => file.position()), ...this.#known.positions];
    const { next, known, places } = chooseNext(siblings, name, positions, this.#lastModified);
    if (next === undefined) return undefined;
    const wasDown = this.#sought !== undefined;
    if (this.#sought !== undefined && ![...known.values()].includes(this.#sought)) {
      this.stats.reopens += 1;
      this.#log.warn('Log was rotated away while the exporter was down: its end was not read', { input: this.name });
    }
    this.#sought = undefined;
    this.#known.update(known, places);
    for (const { candidate, offset } of places) {
      // Its writer may still hold it: nobody knows how long ago it lost the name.
      const mayGrow = offset >= candidate.size && (wasDown || candidate.modified >= this.#lastModified);
      if (mayGrow) this.#retire(this.#open(candidate, (file) => file.resume(Math.min(offset, candidate.size))));
    }
    return next;
  }

  /** What rotation made of the log, without what bears its name or is held open anyway. A second name of a file is no other file. */
  #siblings(name?: Candidate): Candidate[] {
    const others = [...(name === undefined ? [] : [name]), ...this.#held()];
    return rotatedSiblings(this.name).filter((candidate, index, all) => {
      const isIt = (other: Candidate | FollowedFile) => isSame(other, candidate);
      return !others.some(isIt) && all.findIndex(isIt) === index;
    });
  }

  /** What is open. */
  #held(): FollowedFile[] {
    return [...(this.#current === undefined ? [] : [this.#current]), ...this.#retired.map(({ file }) => file)];
  }

  #lookAtName(stats: Stats): Candidate {
    if (!stats.isFile()) throw openError(this.name, 'it is not a regular file', 'file');
    try {
      return lookAt(this.name, stats);
    } catch (error) {
      throw openError(this.name, error, 'file');
    }
  }

  /** Opens a file and has it made ready; closes it again when that fails. */
  #open(candidate: Candidate, prepare: (file: FollowedFile) => void): FollowedFile {
    let file: FollowedFile | undefined;
    try {
      file = new FollowedFile(
        candidate.path,
        (text, start, end) => {
          const record = this.#lines.read(text, start, end);
          if (record !== undefined) this.#records.push(record);
        },
        () => {
          this.stats.records += 1;
          this.stats.rejected.oversize += 1;
        },
      );
      if (!isSame(file, candidate)) throw new Error('it was replaced while it was opened; trying again');
      prepare(file);
      return file;
    } catch (error) {
      file?.close();
      throw openError(candidate.path, error, 'file');
    }
  }

  #follow(file: FollowedFile): void {
    this.#current = file;
    this.#hasFollowed = true;
    this.#retired = this.#retired.filter(({ file: other }) => {
      const isBack = isSame(other, file);
      if (isBack) other.close();
      return !isBack;
    });
    this.#known.remove(file);
  }

  /** Truncated in place. What was written between our last read and the truncation is gone, as with every reader. */
  #restart(file: FollowedFile): void {
    if (file.offset > 0) this.#known.addTruncated(file.position());
    file.resume(0);
    this.stats.reopens += 1;
    this.#log.info('Log was truncated', { input: this.name });
  }

  /** Reads to the end; false if that takes more than one step. */
  #drain(file: FollowedFile): boolean {
    for (let chunks = 0; chunks < MAX_CHUNKS; chunks++) if (!file.readChunk()) return true;
    return false;
  }

  #readRetired(): void {
    const now = this.#now();
    for (const retired of [...this.#retired]) {
      const { file } = retired;
      if (!file.isIntact()) this.#restart(file);
      const isDeleted = file.stats().nlink === 0;
      // As long as nothing bears the name, a writer has nothing else to write to.
      if (this.#missingSince !== undefined && !isDeleted) retired.until = now + LINGER_MS;
      if (!this.#drain(file) || now < retired.until) continue;
      if (!isDeleted) this.#known.add({ ...file.position(), offset: file.offset });
      // At once: an error of the next one must not leave a closed file in the list.
      this.#retired = this.#retired.filter((other) => other !== retired);
      this.#letGo(file);
    }
  }

  #letGo(file: FollowedFile): void {
    if (file.unfinishedBytes > 0) {
      // The end of its last line will never come.
      this.stats.records += 1;
      this.stats.rejected.malformed += 1;
    }
    file.close();
  }

  /** Rotation leaves the name empty for a moment. After that we are blind, and say so. */
  #missing(file: FollowedFile): string | undefined {
    this.#missingSince ??= this.#now();
    if (this.#now() < this.#missingSince + LINGER_MS) return undefined;
    if (file.stats().nlink === 0) {
      // Held open, a deleted file would keep its blocks for ever.
      this.#lastModified = file.stats().mtimeMs;
      this.#letGo(file);
      this.#current = undefined;
    }
    return openError(this.name, { code: 'ENOENT' }, 'file').message;
  }
}

/** What bears the name; undefined if nothing does. What may not be looked at is reported when it is opened. */
function statName(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
