import { type Stats, statSync } from 'node:fs';
import type { Log } from '../log/log.ts';
import { chooseNext, type Next } from './choose-next.ts';
import { type Candidate, type FilePosition, lookAt } from './file-position.ts';
import { FollowedFile } from './followed-file.ts';
import { openError } from './open-error.ts';
import type { From, Input, InputPosition, InputStats, LogRecord, Step } from './record.ts';
import { rotatedSiblings } from './rotated-siblings.ts';
import { TailReader } from './tail-reader.ts';

/** Identity and size of the name are looked at this often; tail wakes us before. */
const POLL_MS = 250;
/** Chunks of one step, of 256 KiB: some 20 ms of work, so that requests get their turn in a backlog. */
const MAX_CHUNKS = 2;
/** A writer keeps its descriptor for a while after the rename: the old file is read on so long. */
const LINGER_MS = 5_000;
/** After tail let us down (no inotify watch left, a network file system), polling does alone for so long. */
const TAIL_RETRY_MS = 10_000;
/** Files beside the name that are remembered: far more than are ever younger than the one that is followed. */
const MAX_REMEMBERED = 32;

/** Makes a record of a line, or nothing; what is not a record it counts itself. */
export type LineReader = (line: string, stats: InputStats) => LogRecord | undefined;

/** A name in the file system, whatever files bear it: followed through rename, truncation, deletion and links. */
export class FileInput implements Input {
  readonly name: string;
  readonly stats: InputStats;
  readonly #read: LineReader;
  readonly #log: Log;
  readonly #now: () => number;
  /** What a former process followed last, until it is found again or given up. */
  #sought: FilePosition | undefined;
  /** What bore the name when we began, if that is where to begin at the end. */
  readonly #initial: Stats | undefined;
  #records: LogRecord[] = [];
  #current: FollowedFile | undefined;
  /** Files that lost the name, and until when they are read on. */
  #retired: { file: FollowedFile; until: number }[] = [];
  /** Files that are read, or were there before us. */
  #remembered: FilePosition[];
  /** When the file that was followed last was last written: what is older was there before it. */
  #lastModified: number;
  #tail: TailReader | undefined;
  #tailRetryAt = 0;
  /** What tail delivered since the last step: the position moves in steps only. */
  #arrived: { position: number; chunk: string }[] = [];
  /** Where the position was when it last moved, and when that was: unread bytes behind a position at rest mean that tail is deaf. */
  #moved = { offset: 0, at: 0 };
  #missingSince: number | undefined;
  #closed: InputPosition | undefined;
  #wake = () => {};

  /** Takes the path, the statistics to keep, where to begin in a file that is there already, what reads its lines, the log, the clock (milliseconds since the epoch), and the files a former process left, the one it followed first. */
  constructor(
    path: string,
    stats: InputStats,
    from: From,
    read: LineReader,
    log: Log,
    now: () => number,
    saved?: readonly FilePosition[],
  ) {
    this.name = path;
    this.stats = stats;
    this.#read = read;
    this.#log = log;
    this.#now = now;
    this.#sought = saved?.[0];
    this.#initial = this.#sought === undefined && from === 'end' ? statName(path) : undefined;
    this.#remembered = this.#sought === undefined ? this.#siblings().map(asRead) : [...(saved ?? [])];
    this.#lastModified = this.#sought?.modified ?? Number.POSITIVE_INFINITY;
  }

  step(): Step {
    // What was read is handed on also when the step fails: the position has moved.
    const { more, trouble } = this.#attempt();
    const records = this.#records;
    this.#records = [];
    this.stats.unreadBytes = this.#current?.unread() ?? 0;
    return { records, more, waitMs: POLL_MS, trouble };
  }

  onWake(wake: () => void): void {
    this.#wake = wake;
  }

  /** The file that is followed, those still held, and those remembered. */
  position(): InputPosition | undefined {
    if (this.#closed !== undefined) return this.#closed;
    // Nothing was begun: what a former process left is still what is known.
    if (this.#current === undefined && this.#sought !== undefined) return { files: this.#remembered };
    const open = [this.#current, ...this.#retired.map(({ file }) => file)];
    const files = [...open.flatMap((file) => file?.position() ?? []), ...this.#remembered].slice(0, MAX_REMEMBERED);
    return files.length > 0 ? { files } : undefined;
  }

  close(): void {
    this.#closed = this.position();
    this.#dropTail();
    this.#current?.close();
    for (const { file } of this.#retired) file.close();
    this.#current = undefined;
    this.#retired = [];
  }

  #attempt(): { more: boolean; trouble?: string | undefined } {
    try {
      return this.#advance();
    } catch (error) {
      return { more: false, trouble: (error as Error).message };
    }
  }

  #advance(): { more: boolean; trouble?: string | undefined } {
    this.#readRetired();
    const current = this.#current ?? this.#begin();
    this.#takeArrived(current);
    if (!current.isIntact()) this.#restart(current);
    const name = statName(this.name);
    const bearsName = name !== undefined && current.is(name);
    if (!bearsName || this.#isTailDeaf(current)) this.#dropTail();
    if (this.#tail === undefined && !this.#drain(current)) return { more: true };
    if (name === undefined) return { more: false, trouble: this.#missing(current) };
    this.#missingSince = undefined;
    if (!bearsName) {
      this.#succeed(current);
      return { more: true };
    }
    if (this.#tail === undefined && this.#now() >= this.#tailRetryAt) this.#startTail(current);
    return { more: false };
  }

  /** The first file, or the first after the name was gone and its file deleted. */
  #begin(): FollowedFile {
    const { candidate, offset } = this.#next();
    const file = this.#open(candidate);
    if (this.#initial !== undefined && file.is(this.#initial)) {
      file.skipTo(Math.min(this.#initial.size, candidate.size));
    } else {
      if (offset > candidate.size) this.#log.warn('Log lost its tail, going on at its end', { input: this.name });
      file.resume(Math.min(offset, candidate.size));
    }
    this.#follow(file);
    return file;
  }

  /** The name went to another file: goes on with the oldest that was not read yet. */
  #succeed(old: FollowedFile): void {
    this.#lastModified = old.stats().mtimeMs;
    const { candidate, offset } = this.#next();
    const next = this.#open(candidate);
    if (old.stats().nlink === 0 && next.isCopyOf(old)) {
      next.resume(old.position().offset);
      old.close();
    } else {
      next.resume(Math.min(offset, candidate.size));
      this.#retired.push({ file: old, until: this.#now() + LINGER_MS });
    }
    this.stats.reopens += 1;
    this.#follow(next);
    this.#log.info('Log was rotated', { input: this.name, next: candidate.path });
  }

  /** Throws when there is no file to go on in. */
  #next(): Next {
    const stats = statName(this.name);
    const name = stats === undefined ? undefined : this.#lookAtName(stats);
    const { next, known } = chooseNext(this.#siblings(), name, this.#remembered, this.#lastModified);
    if (next === undefined) throw openError(this.name, { code: 'ENOENT' }, 'file');
    if (this.#sought !== undefined && !known.includes(this.#sought)) {
      this.stats.reopens += 1;
      this.#log.warn('Log was rotated away while the exporter was down: its end was not read', { input: this.name });
    }
    this.#sought = undefined;
    this.#remembered = known;
    return next;
  }

  /** What rotation made of the log, without what we hold open anyway. */
  #siblings(): Candidate[] {
    const held = [this.#current, ...this.#retired.map(({ file }) => file)];
    return rotatedSiblings(this.name).filter(
      ({ device, inode }) => !held.some((file) => file?.device === device && file.inode === inode),
    );
  }

  #lookAtName(stats: Stats): Candidate {
    if (!stats.isFile()) throw openError(this.name, 'it is not a regular file', 'file');
    try {
      return lookAt(this.name, stats);
    } catch (error) {
      throw openError(this.name, error, 'file');
    }
  }

  #open(candidate: Candidate): FollowedFile {
    let file: FollowedFile;
    try {
      file = new FollowedFile(
        candidate.path,
        (line) => {
          const record = this.#read(line, this.stats);
          if (record !== undefined) this.#records.push(record);
        },
        () => {
          this.stats.records += 1;
          this.stats.rejected.oversize += 1;
        },
      );
    } catch (error) {
      throw openError(candidate.path, error, 'file');
    }
    if (file.device === candidate.device && file.inode === candidate.inode) return file;
    file.close();
    throw new Error(`Cannot read ${candidate.path}: it was replaced while it was opened; trying again`);
  }

  #follow(file: FollowedFile): void {
    this.#current = file;
    this.#remembered = this.#remembered.filter(({ device, inode }) => device !== file.device || inode !== file.inode);
    this.#moved = { offset: file.offset, at: this.#now() };
  }

  /** Truncated in place. What was written between our last read and the truncation is gone, as with every reader. */
  #restart(file: FollowedFile): void {
    this.#dropTail();
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
    this.#retired = this.#retired.filter(({ file, until }) => {
      if (!this.#drain(file) || now < until) return true;
      if (file.unfinishedBytes > 0) {
        // The end of its last line will never come.
        this.stats.records += 1;
        this.stats.rejected.malformed += 1;
      }
      if (file.stats().nlink > 0) this.#remembered.unshift({ ...file.position(), offset: file.offset });
      file.close();
      return false;
    });
  }

  /** Rotation leaves the name empty for a moment. After that we are blind, and say so. */
  #missing(file: FollowedFile): string | undefined {
    this.#missingSince ??= this.#now();
    if (this.#now() < this.#missingSince + LINGER_MS) return undefined;
    if (file.stats().nlink === 0) {
      // Held open, a deleted file would keep its blocks for ever.
      this.#lastModified = file.stats().mtimeMs;
      file.close();
      this.#current = undefined;
    }
    return openError(this.name, { code: 'ENOENT' }, 'file').message;
  }

  #startTail(file: FollowedFile): void {
    try {
      this.#tail = new TailReader(
        file.fd,
        (position, chunk) => {
          this.#arrived.push({ position, chunk });
          this.#wake();
        },
        () => this.#dropTail(TAIL_RETRY_MS),
      );
    } catch (error) {
      this.#log.debug('Cannot watch log, polling it', { input: this.name, error: String(error) });
      this.#tailRetryAt = this.#now() + TAIL_RETRY_MS;
      return;
    }
    while (file.readChunk(this.#tail.position));
  }

  /** Believes tail only where it can be checked: otherwise the descriptor is read. */
  #takeArrived(file: FollowedFile): void {
    for (const { position, chunk } of this.#arrived) {
      if (position !== file.offset || file.unread() < chunk.length || !file.isIntact()) {
        this.#dropTail();
        return;
      }
      file.accept(chunk);
    }
    this.#arrived = [];
  }

  #isTailDeaf(file: FollowedFile): boolean {
    const now = this.#now();
    if (this.#moved.offset !== file.offset || file.unread() === 0) this.#moved = { offset: file.offset, at: now };
    if (this.#tail === undefined || now < this.#moved.at + POLL_MS) return false;
    this.#tailRetryAt = now + TAIL_RETRY_MS;
    return true;
  }

  #dropTail(retryInMs = 0): void {
    this.#tail?.close();
    this.#tail = undefined;
    this.#arrived = [];
    this.#tailRetryAt = Math.max(this.#tailRetryAt, this.#now() + retryInMs);
  }
}

/** What was there before us counts as read. */
function asRead({ device, inode, size, modified, head }: Candidate): FilePosition {
  return { device, inode, offset: size, modified, fingerprint: head.toString('base64') };
}

/** What bears the name; undefined if nothing does. What may not be looked at is reported when it is opened. */
function statName(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
