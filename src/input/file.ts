import { type Stats, statSync } from 'node:fs';
import type { Log } from '../log/log.ts';
import { FollowedFile } from './followed-file.ts';
import { openError } from './open-error.ts';
import type { From, Input, InputStats, LogRecord, Step } from './record.ts';
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

/** Makes a record of a line, or nothing; what is not a record it counts itself. */
export type LineReader = (line: string, stats: InputStats) => LogRecord | undefined;

/** A name in the file system, whatever files bear it: followed through rename, truncation, deletion and links. */
export class FileInput implements Input {
  readonly name: string;
  readonly stats: InputStats;
  readonly #from: From;
  readonly #read: LineReader;
  readonly #log: Log;
  readonly #now: () => number;
  /** What bore the name when we began. */
  readonly #initial: Stats | undefined;
  /** Files beside the name that are read or were there before us, as device:inode. */
  #known: Set<string>;
  #records: LogRecord[] = [];
  #current: FollowedFile | undefined;
  /** Files that lost the name, and until when they are read on. */
  #retired: { file: FollowedFile; until: number }[] = [];
  #tail: TailReader | undefined;
  #tailRetryAt = 0;
  /** Where the position was when it last moved, and when that was: unread bytes behind a position at rest mean that tail is deaf. */
  #moved = { offset: 0, at: 0 };
  #missingSince: number | undefined;
  #wake = () => {};

  /** Takes the path, the statistics to keep, where to begin in a file that is there already, what reads its lines, the log, and the clock (milliseconds since the epoch). */
  constructor(path: string, stats: InputStats, from: From, read: LineReader, log: Log, now: () => number) {
    this.name = path;
    this.stats = stats;
    this.#from = from;
    this.#read = read;
    this.#log = log;
    this.#now = now;
    this.#initial = statName(path);
    this.#known = new Set(rotatedSiblings(path).map(({ stats }) => identity(stats)));
  }

  step(): Step {
    const { more, trouble } = this.#advance();
    const records = this.#records;
    this.#records = [];
    this.stats.unreadBytes = this.#current?.unread() ?? 0;
    return { records, more, waitMs: POLL_MS, trouble };
  }

  onWake(wake: () => void): void {
    this.#wake = wake;
  }

  close(): void {
    this.#dropTail();
    this.#current?.close();
    for (const { file } of this.#retired) file.close();
    this.#current = undefined;
    this.#retired = [];
  }

  #advance(): { more: boolean; trouble?: string | undefined } {
    const name = statName(this.name);
    this.#readRetired();
    if (this.#current === undefined) this.#begin();
    const current = this.#current as FollowedFile;
    if (!current.isIntact()) this.#restart(current);
    if (this.#tail !== undefined && (this.#isTailDeaf(current) || name === undefined || !current.is(name))) {
      this.#dropTail();
    }
    if (this.#tail === undefined && !this.#drain(current)) return { more: true };
    if (name === undefined) return { more: false, trouble: this.#missing(current) };
    this.#missingSince = undefined;
    if (!current.is(name)) {
      this.#succeed(current);
      return { more: true };
    }
    if (this.#tail === undefined && this.#now() >= this.#tailRetryAt) this.#startTail(current);
    return { more: false };
  }

  /** The first file of this name, or the first after the name was gone and its file deleted. */
  #begin(): void {
    const file = this.#open(this.name);
    if (this.#from === 'end' && this.#initial !== undefined && file.is(this.#initial)) {
      file.skipTo(Math.min(this.#initial.size, file.stats().size));
    }
    this.#follow(file);
  }

  #open(path: string): FollowedFile {
    try {
      return new FollowedFile(
        path,
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
      throw openError(path, error, 'file');
    }
  }

  #follow(file: FollowedFile): void {
    this.#current = file;
    this.#known.add(identity(file.stats()));
    this.#moved = { offset: file.offset, at: this.#now() };
  }

  /** The name went to another file: goes on with the oldest that was not read yet. */
  #succeed(old: FollowedFile): void {
    this.stats.reopens += 1;
    const siblings = rotatedSiblings(this.name);
    const skipped = siblings.find(
      ({ stats }) => !this.#known.has(identity(stats)) && stats.mtimeMs >= old.stats().mtimeMs && !old.is(stats),
    );
    const next = this.#open(skipped?.path ?? this.name);
    if (old.stats().nlink === 0 && next.isCopyOf(old)) {
      next.resume(old.offset - old.partialBytes);
      old.close();
    } else {
      this.#retired.push({ file: old, until: this.#now() + LINGER_MS });
    }
    this.#known = new Set(siblings.map(({ stats }) => identity(stats)).filter((known) => this.#known.has(known)));
    this.#follow(next);
    this.#log.info('Log was rotated', { input: this.name, next: skipped?.path ?? this.name });
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
      const done = this.#drain(file) && now >= until;
      if (!done) return true;
      if (file.partialBytes > 0) {
        // Its end will never come.
        this.stats.records += 1;
        this.stats.rejected.malformed += 1;
      }
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
      file.close();
      this.#current = undefined;
    }
    return openError(this.name, { code: 'ENOENT' }, 'file').message;
  }

  #startTail(file: FollowedFile): void {
    try {
      this.#tail = new TailReader(
        file.fd,
        (chunk) => this.#onChunk(file, chunk),
        () => this.#dropTail(TAIL_RETRY_MS),
      );
    } catch (error) {
      this.#log.debug('Cannot watch log, polling it', { input: this.name, error: String(error) });
      this.#tailRetryAt = this.#now() + TAIL_RETRY_MS;
      return;
    }
    while (file.readChunk(this.#tail.position));
  }

  /** Believes tail only where it can be checked: otherwise the next step reads from the descriptor. */
  #onChunk(file: FollowedFile, chunk: string): void {
    const expected = this.#tail?.position === file.offset && file.unread() >= chunk.length && file.isIntact();
    if (expected) file.accept(chunk);
    else this.#dropTail();
    this.#wake();
  }

  #isTailDeaf(file: FollowedFile): boolean {
    const now = this.#now();
    if (this.#moved.offset !== file.offset || file.unread() === 0) this.#moved = { offset: file.offset, at: now };
    if (now < this.#moved.at + POLL_MS) return false;
    this.#tailRetryAt = now + TAIL_RETRY_MS;
    return true;
  }

  #dropTail(retryInMs = 0): void {
    this.#tail?.close();
    this.#tail = undefined;
    this.#tailRetryAt = Math.max(this.#tailRetryAt, this.#now() + retryInMs);
  }
}

function identity({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

/** What bears the name; undefined if nothing does. What may not be looked at is reported when it is opened. */
function statName(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
