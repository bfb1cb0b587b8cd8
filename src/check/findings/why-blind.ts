import type { BlindSpot, EventVisibility } from '../../posture/observability/blind-spot.ts';
import type { ObservabilityDetails } from '../../posture/observability/observability.ts';
import type { AlikeInterfaces } from '../../posture/observability/read-packet-handling.ts';
import { names, verb } from '../render/names.ts';

/** What each reason means, in a few words. Takes what the reasons were made from. */
export const BLIND_SPOTS: Readonly<Record<BlindSpot, (details: ObservabilityDetails) => string>> = {
  dynamic_debug_absent: () => 'the kernel is built without the message (no dynamic debug)',
  dynamic_debug_off: () => 'dynamic debug is off for it',
  log_martians_off: ({ packets }) => `log_martians is off on ${some(packets?.martiansOff)}`,
  packets_accepted: ({ packets }) => {
    const accepting = packets?.accepting;
    return `${some(accepting)} ${verb(accepting?.count ?? 0, 'accepts', 'accept')} such packets, which is silent`;
  },
  log_unreadable: () => 'the log cannot be read',
  foreign_network_namespace: () => "this is not the host's network",
};

function some(interfaces: AlikeInterfaces | undefined): string {
  return names(interfaces?.labels ?? [], 3, interfaces?.count);
}

/** Why an event would not be seen, or why that cannot be told, or nothing if it would be. Pure; throws nothing. */
export function whyBlind({ event, observable, reasons }: EventVisibility, details: ObservabilityDetails): string {
  if (reasons.length > 0) return reasons.map((reason) => BLIND_SPOTS[reason](details)).join('; ');
  if (observable === 1) return decorated(event, details);
  if (event === 'source_route_attempt') return 'only a firewall rule prints it; rules are not looked at';
  if (observable === 0) return 'net.core.warnings is 0';
  return event === 'source_route_option'
    ? 'what the kernel does with such packets cannot be read'
    : 'the control file of dynamic debug cannot be read';
}

// Flags besides p put words in front of the message, which change nothing about its being counted.
function decorated(event: string, { control, kernelRelease }: ObservabilityDetails): string {
  const flags = control.path === undefined ? undefined : control.flags[event as keyof typeof control.flags];
  if (event === 'source_route_option') return 'log_martians is on';
  return flags === undefined ? `kernel ${kernelRelease} prints it unasked` : `dynamic debug is on (=${flags})`;
}
