/** Why a sysctl will have the value it has after a boot: a line for it alone, a line with a pattern, that of `default`, or no line at all. */
export type PersistedOrigin = 'explicit' | 'glob' | 'inherited' | 'kernel_default';

/** What a boot would make of one sysctl. */
export interface Prediction {
  /** Undefined when no line decides and the kernel's own default is not known. */
  value: number | undefined;
  origin: PersistedOrigin;
  /** The deciding file as the host names it; empty when no line decides. */
  file: string;
  /** The deciding line, from 1; undefined when no line decides. */
  line: number | undefined;
}
