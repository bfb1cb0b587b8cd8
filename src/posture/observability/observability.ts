import { readFileSync } from 'node:fs';
import { parseSysctlValue } from '../runtime/parse-sysctl-value.ts';
import type { BlindSpot, EventVisibility } from './blind-spot.ts';
import { judgeDebugEvent, type Verdict } from './judge-debug-event.ts';
import { judgeSourceRouteOption } from './judge-source-route-option.ts';
import { parseKernelRelease } from './kernel-release.ts';
import { type Control, readControl } from './read-control.ts';
import { type PacketHandling, readPacketHandling } from './read-packet-handling.ts';

/** Where to read, and what is known already. */
export interface ObservabilityOptions {
  /** Where the proc file system is mounted, such as `/proc`. */
  procfs: string;
  /** Where sysfs is mounted, such as `/sys`. */
  sysfs: string;
  /** Whether the log that is followed can be read. */
  logReadable: boolean;
  /** Whether the network namespace that is read is the host's; `undefined` if that cannot be told. */
  hostNetworkNamespace: 0 | 1 | undefined;
  /** The control file as it was read a moment ago; without it the file is read. */
  control?: Control | undefined;
}

/** Whether this host's kernel would print each of the four events, and what that was told by. */
export interface Observability {
  /** False when a tree that should be there could not be listed; what could be told is here all the same. */
  success: boolean;
  /** One line that names the path that failed. */
  error?: string;
  events: readonly EventVisibility[];
  /** For a person. */
  details: ObservabilityDetails;
}

/** What the verdicts were made from. */
export interface ObservabilityDetails {
  /** Such as `6.1.0-56-amd64`; undefined if it cannot be read. */
  kernelRelease: string | undefined;
  control: Control;
  /** net.core.warnings, which matters before Linux 3.19. */
  warnings: number | undefined;
  /** Undefined where the IPv4 tree could not be listed, or is another namespace's. */
  packets: PacketHandling | undefined;
}

/**
 * Says of each event whether the kernel would print it here. A log that cannot be read is a reason not to see any event,
 * and changes nothing about what the kernel prints. What cannot be told is `undefined`, never a guess. Throws nothing.
 */
export function readObservability(options: ObservabilityOptions): Observability {
  const { procfs, sysfs, logReadable, hostNetworkNamespace, control = readControl(procfs, sysfs) } = options;
  const kernelRelease = readText(`${procfs}/sys/kernel/osrelease`)?.trim();
  const version = parseKernelRelease(kernelRelease ?? '');
  const warnings = parseSysctlValue(readText(`${procfs}/sys/net/core/warnings`) ?? '');
  const { packets, error } = hostNetworkNamespace === 0 ? {} : tryPacketHandling(procfs);

  const verdicts: Record<string, Verdict> = {
    icmpv6_no_reply: judgeDebugEvent('icmpv6_no_reply', control, version, warnings),
    source_route_failed: judgeDebugEvent('source_route_failed', control, version, warnings),
    source_route_option: judgeSourceRouteOption(packets, hostNetworkNamespace),
    // Whether a firewall rule logs cannot be seen without privilege.
    source_route_attempt: { observable: undefined, reasons: [] },
  };
  const log: readonly BlindSpot[] = logReadable ? [] : ['log_unreadable'];
  return {
    success: error === undefined,
    ...(error !== undefined && { error }),
    events: Object.entries(verdicts).map(([event, { observable, reasons }]) => ({
      event,
      observable,
      reasons: [...reasons, ...log],
    })),
    details: { kernelRelease, control, warnings, packets },
  };
}

function tryPacketHandling(procfs: string): { packets?: PacketHandling; error?: string } {
  try {
    return { packets: readPacketHandling(procfs) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
