/** One thing to do, and what it brings with it. */
export interface Remedy {
  /** `now` changes the running system, `boot` what the next boot makes of it. */
  readonly when: 'now' | 'boot';
  /** What it changes, in a sentence. */
  readonly changes: string;
  /** What it costs, in a sentence or two; says so where it costs nothing. */
  readonly costs: string;
  /** Each to be run by sh, in this order; none where no command helps, and `changes` says what does. */
  readonly commands: readonly string[];
}

/**
 * How much a finding weighs: `violation` (the policy is not kept) and `unknown` (what was to be judged could not be read) make
 * the answer a bad one; `blind` (an event would not be seen) and `note` do not.
 */
export type Severity = 'violation' | 'unknown' | 'blind' | 'note';

/** One thing that a person should know of this host. */
export interface Finding {
  readonly severity: Severity;
  /** What kind of thing, for programs: a name that does not change. */
  readonly kind: string;
  /** The sysctl, event, file or log it is about. */
  readonly subject: string;
  readonly title: string;
  /** What is the matter, a sentence each. */
  readonly problems: readonly string[];
  /** Labels of the interfaces it is about, `all` and `default` among them. */
  readonly interfaces: readonly string[];
  readonly remedies: readonly Remedy[];
}
