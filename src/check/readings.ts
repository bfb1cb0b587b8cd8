import type { BootApplier } from '../posture/boot/appliers.ts';
import type { ConfigFile } from '../posture/boot/read-config-file.ts';
import type { Observability } from '../posture/observability/observability.ts';
import type { SysctlRule } from '../posture/policy/policy.ts';
import type { Posture } from '../posture/runtime/runtime.ts';

/** A file of sysctls that people write to and the boot applier does not read. */
export interface UnreadFile {
  /** As on the host. */
  readonly path: string;
  /** What becomes of it, in a sentence. */
  readonly fate: string;
  /** Its bytes in latin1. */
  readonly text: string;
}

/** A file that a boot applies. */
export interface BootFile extends ConfigFile {
  /** Where its name leads, without any link in it: bytes in latin1. Its own name if that leads nowhere. */
  readonly path: string;
}

/** The files that a boot makes sysctls from. */
export interface BootFiles {
  readonly applier: BootApplier;
  /** A sentence that says why the applier is unknown. */
  readonly reason: string | undefined;
  /** One line, where the applier may see more than was read. */
  readonly error: string | undefined;
  /** In the order of reading. */
  readonly files: readonly BootFile[];
  /** The same without what a boot finds below /run, which it empties. */
  readonly lastingFiles: readonly BootFile[];
  /** Where /etc/sysctl.d leads, without any link in it; undefined if there is no such directory. */
  readonly directory: string | undefined;
  readonly unreadFiles: readonly UnreadFile[];
}

/** Everything that was read of a host. */
export interface Readings {
  readonly rules: readonly SysctlRule[];
  /** Of every interface. */
  readonly posture: Posture;
  /** Whether some interfaces were not to be looked at. */
  readonly isFiltered: boolean;
  readonly boot: BootFiles;
  readonly observability: Observability;
  /** Undefined if it cannot be told. */
  readonly hostNetworkNamespace: 0 | 1 | undefined;
  /** The logs that would be followed; `error` says in one line why one cannot be, and what helps. */
  readonly logs: readonly { readonly input: string; readonly error?: string }[];
  /** Whether commands need no sudo. */
  readonly isRoot: boolean;
}
