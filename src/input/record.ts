import type { FilePosition } from './file-position.ts';

/** One log entry, as an input hands it on. */
export interface LogRecord {
  /** The message alone, as its log holds it, one character a byte; the device's escapes are left as they are. */
  readonly message: string;
  /** Whether the log says that the kernel wrote it. From the device that is proof; from a file it is as good as the file. */
  readonly fromKernel: boolean;
  /** When it was logged, in seconds since the epoch; undefined where the log does not tell. Asked for events only: it costs. */
  readonly time: () => number | undefined;
  /** How many identical entries this one stands for (syslog's `message repeated N times`). */
  readonly repeat: number;
  /** The whole entry as it was read, one character a byte: for people, not for matching. */
  readonly raw: string;
}

/** Why a record was not counted although it may have been one of ours: the label `reason`. */
export const REJECTIONS = ['userspace', 'malformed', 'oversize', 'unrecognised'] as const;
export type Rejection = (typeof REJECTIONS)[number];

/** What an input knows of itself: the metrics `srcroute_log_*` of one path. Times are seconds since the epoch. */
export interface InputStats {
  up: boolean;
  /** Whether all that was there at the start is read, or nothing can be. */
  caughtUp: boolean;
  records: number;
  lost: number;
  reopens: number;
  readonly rejected: Record<Rejection, number>;
  lastPoll: number | undefined;
  lastRecord: number | undefined;
  /** Bytes written but not read yet; undefined where the log has no size (the device). */
  unreadBytes: number | undefined;
}

/** Statistics of an input that has read nothing yet. */
export function newInputStats(): InputStats {
  return {
    up: false,
    caughtUp: false,
    records: 0,
    lost: 0,
    reopens: 0,
    rejected: { userspace: 0, malformed: 0, oversize: 0, unrecognised: 0 },
    lastPoll: undefined,
    lastRecord: undefined,
    unreadBytes: undefined,
  };
}

/** What one step of an input brought. */
export interface Step {
  readonly records: readonly LogRecord[];
  /** There is more to read at once. */
  readonly more: boolean;
  /** When to look again, in milliseconds, if there is not. */
  readonly waitMs: number;
  /** Why no more can come for now, although something was read: the input counts as down. */
  readonly trouble?: string | undefined;
}

/** How far a log was read, to go on from in another process. */
export interface InputPosition {
  /** Files: the one that is followed first, then those that were. */
  readonly files?: readonly FilePosition[];
  /** The device: the boot (random/boot_id) whose numbers these are. */
  readonly boot?: string;
  /** Records with sequence numbers: that of the next one. */
  readonly sequence?: number | undefined;
}

/** One path that is one perpetual log: rotation, truncation, overrun and reopening are its own affair. */
export interface Input {
  /** Its path: the label `input`. */
  readonly name: string;
  readonly stats: InputStats;
  /** Reads what is there, at most so much that a request can be answered in between. Throws an Error that a person can read while the log cannot be read. */
  step(): Step;
  /** Calls back when a step would bring something before its time; the poll finds everything all the same. */
  onWake(wake: () => void): void;
  /** Up to where records were handed on; undefined for a log that cannot be gone back to. */
  position(): InputPosition | undefined;
  close(): void;
}

/** Where to begin without saved state. */
export type From = 'start' | 'end';
