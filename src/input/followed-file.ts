import { constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { closeDescriptor } from './close-descriptor.ts';
import { FINGERPRINT_BYTES, type FilePosition } from './file-position.ts';
import { Lines, type OnLine } from './lines.ts';

const BUFFER_BYTES = 64 * 1024;
/** No line of the kernel's is longer. */
const LINE_BYTES = 4 * 1024;
/** One for all files: a chunk is text before the next is read. */
const buffer = Buffer.allocUnsafe(BUFFER_BYTES);

/**
 * One file, whatever its name is by now: an open descriptor and how far it was read. Reads are positional, so that nothing else
 * that reads the file can disturb the position.
 */
export class FollowedFile {
  readonly fd: number;
  readonly device: number;
  readonly inode: number;
  /** Bytes read so far. */
  offset = 0;
  #fingerprint = Buffer.alloc(0);
  /** Its time of last writing, as of the last fstat(2) that succeeded. */
  #modified = 0;
  readonly #lines: Lines;

  /** Takes a path and what is called for each whole line and for each line that was too long. Throws what open(2) says. */
  constructor(path: string, onLine: OnLine, onOversize: () => void) {
    // O_NONBLOCK: what stands there may have become a pipe without a writer.
    this.fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = this.stats();
      if (!stats.isFile()) throw new Error('it is not a regular file');
      this.device = stats.dev;
      this.inode = stats.ino;
    } catch (error) {
      this.close();
      throw error;
    }
    this.#lines = new Lines(onLine, onOversize);
  }

  /** The file as it is by now: its size in bytes, its links (0 once it is deleted), its times. */
  stats(): Stats {
    const stats = fstatSync(this.fd);
    this.#modified = stats.mtimeMs;
    return stats;
  }

  /** Bytes written and not read yet; undefined when fstat(2) fails. */
  unread(): number | undefined {
    const stats = this.#tryStats();
    return stats && Math.max(0, stats.size - this.offset);
  }

  /** Bytes of the line whose end has not come yet. */
  get unfinishedBytes(): number {
    return this.#lines.unfinishedBytes;
  }

  /**
   * How far it was read, to go on from after a restart: a line that is not whole yet is read again. Throws nothing: a descriptor that went
   * bad must not cost the position.
   */
  position(): FilePosition {
    return {
      device: this.device,
      inode: this.inode,
      offset: this.offset - this.#lines.unfinishedBytes,
      modified: this.#tryStats()?.mtimeMs ?? this.#modified,
      fingerprint: this.#fingerprint.toString('base64'),
    };
  }

  /** Whether a name's identity is this file. */
  is(name: Stats): boolean {
    return name.dev === this.device && name.ino === this.inode;
  }

  /** Whether what was read is still there: false after a truncation, also when the file has grown past its old size since. */
  isIntact(): boolean {
    return this.stats().size >= this.offset && this.#fingerprint.equals(this.#head(this.#fingerprint.length));
  }

  /** Reads the next chunk, up to a position in bytes; false when there is none. */
  readChunk(upTo = Number.POSITIVE_INFINITY): boolean {
    const bytes = readSync(this.fd, buffer, 0, Math.min(BUFFER_BYTES, Math.max(0, upTo - this.offset)), this.offset);
    if (bytes > 0) this.accept(buffer.toString('latin1', 0, bytes));
    return bytes > 0;
  }

  /** Takes the bytes that follow the offset, one character a byte. */
  accept(chunk: string): void {
    this.offset += chunk.length;
    if (this.#fingerprint.length < FINGERPRINT_BYTES) {
      // Of what was read, not of what stands there by now.
      const more = chunk.slice(0, FINGERPRINT_BYTES - this.#fingerprint.length);
      this.#fingerprint = Buffer.concat([this.#fingerprint, Buffer.from(more, 'latin1')]);
    }
    this.#lines.push(chunk);
  }

  /** Begins after the last whole line of the first `size` bytes: the line that is being written belongs to what comes. */
  skipTo(size: number): void {
    const start = Math.max(0, size - BUFFER_BYTES);
    const bytes = readSync(this.fd, buffer, 0, size - start, start);
    const newline = buffer.subarray(0, bytes).lastIndexOf(0x0a);
    const isInLine = newline < 0 && start > 0;
    this.resume(isInLine ? start + bytes : start + newline + 1);
    if (isInLine) this.#lines.skipLine();
  }

  /** Begins at a position in bytes. */
  resume(offset: number): void {
    this.#fingerprint = this.#head(Math.min(offset, FINGERPRINT_BYTES));
    this.offset = offset;
    this.#lines.reset();
  }

  /** The line before the position; a part of it if it is very long. */
  lineBefore(): string {
    const start = Math.max(0, this.offset - LINE_BYTES);
    const text = buffer.toString('latin1', 0, readSync(this.fd, buffer, 0, this.offset - start, start));
    return text.slice(text.lastIndexOf('\n', text.length - 2) + 1).trimEnd();
  }

  /** Whether it holds what was read of another, as far as its first and last bytes tell: somebody put a copy in its place. */
  isCopyOf(other: FollowedFile): boolean {
    if (other.offset === 0 || this.stats().size < other.offset) return false;
    const last = Math.max(0, other.offset - BUFFER_BYTES);
    return this.#hasSameAs(other, 0) && this.#hasSameAs(other, last);
  }

  #hasSameAs(other: FollowedFile, position: number): boolean {
    const mine = Buffer.allocUnsafe(Math.min(BUFFER_BYTES, other.offset - position));
    const ours = readSync(this.fd, mine, 0, mine.length, position);
    const theirs = readSync(other.fd, buffer, 0, mine.length, position);
    return ours === theirs && mine.compare(buffer, 0, ours, 0, ours) === 0;
  }

  close(): void {
    closeDescriptor(this.fd);
  }

  #tryStats(): Stats | undefined {
    try {
      return this.stats();
    } catch {
      return undefined;
    }
  }

  #head(length: number): Buffer<ArrayBuffer> {
    const head = Buffer.alloc(length);
    return head.subarray(0, readSync(this.fd, head, 0, length, 0));
  }
}
