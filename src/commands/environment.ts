/** What the program gets from its process: everything else comes from flags and files. */
export interface Environment {
  readonly argv: readonly string[];
  /** Aborted when the process is asked to stop. */
  readonly signal: AbortSignal;
  /** From now on calls what it is given at each SIGHUP; without one, a SIGHUP asks the process to stop. */
  readonly onHangup: (reload: () => void) => void;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Whether the user asked for no colours on a terminal (no-color.org). */
  readonly noColor: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Seconds since boot without suspend. */
  readonly monotonic: () => number;
  readonly pid: number;
  /** What the service manager gives for state; undefined without one. */
  readonly stateDirectory: string | undefined;
  /** The user who runs it; undefined where there is no such thing. */
  readonly uid: number | undefined;
  readonly build: { readonly version: string; readonly revision: string; readonly node: string };
}
