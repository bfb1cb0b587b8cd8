import type { Log } from '../../log/log.ts';

/** How the last reading of a configuration file went. */
export interface ReloadStatus {
  readonly file: string;
  readonly successful: boolean;
  /** Seconds since the epoch of the last reading that succeeded. */
  readonly successTimestamp: number;
}

/** A configuration file that is read again while the program runs. */
export interface Reloadable<T> {
  /** What the file said when it last was right. */
  readonly current: T;
  readonly status: ReloadStatus;
  /** Reads the file again; one that is wrong changes nothing but the status, and is logged. */
  reload(): void;
}

/**
 * Keeps what a configuration file says. Takes the file, what it said at the start, what reads it (throws an Error of one line that names
 * the place) and a clock in milliseconds since the epoch.
 */
export function reloadable<T>(file: string, initial: T, read: () => T, log: Log, now: () => number): Reloadable<T> {
  let current = initial;
  let status: ReloadStatus = { file, successful: true, successTimestamp: now() / 1000 };
  return {
    get current() {
      return current;
    },
    get status() {
      return status;
    },
    reload() {
      try {
        current = read();
        status = { file, successful: true, successTimestamp: now() / 1000 };
        log.info('Configuration reloaded', { file });
      } catch (error) {
        status = { ...status, successful: false };
        log.error('Configuration refused: the one before stays in force', { file, error: (error as Error).message });
      }
    },
  };
}
