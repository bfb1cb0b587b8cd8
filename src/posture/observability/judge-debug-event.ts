import type { BlindSpot } from './blind-spot.ts';
import type { DebugEvent } from './control-line.ts';
import { isBefore, type KernelVersion } from './kernel-release.ts';
import type { Control } from './read-control.ts';

/** Whether the kernel would print an event, and what stands in the way. */
export interface Verdict {
  observable: 0 | 1 | undefined;
  reasons: readonly BlindSpot[];
}

const ABSENT: Verdict = { observable: 0, reasons: ['dynamic_debug_absent'] };
const OFF: Verdict = { observable: 0, reasons: ['dynamic_debug_off'] };
const UNKNOWN: Verdict = { observable: undefined, reasons: [] };

/**
 * Says whether the kernel would print an event of a pr_debug call site. Takes what is known of the control file, the
 * kernel's version and net.core.warnings (`undefined`: not known). Pure; throws nothing.
 *
 * A call site that the file lists does what its flags say, whatever the version. For one that is not listed: before
 * 3.19 the two messages were printed unprompted (LIMIT_NETDEBUG, include/net/sock.h), unless net.core.warnings was 0;
 * since then they are compiled out without dynamic debug (net_dbg_ratelimited, include/linux/net.h). Whether the kernel has
 * it is certain by the file, by debugfs without the file, and since 5.7 by procfs without it, where the file is made
 * whenever the feature is there.
 */
export function judgeDebugEvent(
  event: DebugEvent,
  control: Control,
  version: KernelVersion | undefined,
  warnings: number | undefined,
): Verdict {
  const flags = control.path === undefined ? undefined : control.flags[event];
  if (flags !== undefined) return flags.includes('p') ? { observable: 1, reasons: [] } : OFF;
  if (version === undefined) return UNKNOWN;
  // No reason names the switch of an ancient kernel; what was read tells.
  const unprompted: Verdict = { observable: warnings === 0 ? 0 : 1, reasons: [] };
  const notListed = isBefore(version, 3, 19) ? unprompted : ABSENT;

  if (control.path !== undefined) return notListed;
  if (control.procfs === 'unreadable') return UNKNOWN;
  if (!isBefore(version, 5, 7)) return ABSENT;
  if (control.debugfs === 'unreadable') return UNKNOWN;
  if (control.debugfs === 'absent') return notListed;
  return isBefore(version, 3, 19) ? unprompted : UNKNOWN;
}
