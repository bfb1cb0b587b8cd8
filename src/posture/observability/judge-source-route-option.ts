import type { BlindSpot } from './blind-spot.ts';
import type { Verdict } from './judge-debug-event.ts';
import type { PacketHandling } from './read-packet-handling.ts';

/**
 * Says whether the kernel would print an IPv4 packet with a source route: only one that is refused, and only where
 * martians are logged (ip_rcv_options, net/ipv4/ip_input.c). One interface that does not is enough to say no; what was not
 * read leaves it open. Pure; throws nothing.
 */
export function judgeSourceRouteOption(
  packets: PacketHandling | undefined,
  hostNetworkNamespace: 0 | 1 | undefined,
): Verdict {
  if (hostNetworkNamespace === 0) return { observable: undefined, reasons: ['foreign_network_namespace'] };
  if (packets === undefined) return { observable: undefined, reasons: [] };
  const reasons: BlindSpot[] = [];
  if (packets.martiansOff.count > 0) reasons.push('log_martians_off');
  if (packets.accepting.count > 0) reasons.push('packets_accepted');
  if (reasons.length > 0) return { observable: 0, reasons };
  return { observable: packets.unreadable > 0 ? undefined : 1, reasons };
}
