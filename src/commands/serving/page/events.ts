import { names } from '../../../check/render/names.ts';
import type { AddressRole } from '../../../event/event.ts';
import type { Snapshot } from '../../../exposition/snapshot.ts';
import type { EventAccount } from '../../../ledger/ledger.ts';
import type { BlindSpot, EventVisibility } from '../../../posture/observability/blind-spot.ts';
import type { StatusTable } from '../../../web/site.ts';
import { moment } from './moment.ts';

/** Addresses named of one event; the metrics name more. */
const MOST_ADDRESSES = 3;

const ROLES: Readonly<Record<AddressRole, string>> = {
  sender: 'the sender, as the packet says',
  quoted_destination: 'where a packet quoted in an ICMP error was going: not a sender',
  answered_packet_source: 'the source of an ICMPv6 error that was left unanswered',
};

const REASONS: Readonly<Record<BlindSpot, string>> = {
  dynamic_debug_absent: 'the kernel is built without the message (no dynamic debug)',
  dynamic_debug_off: 'dynamic debug is off for it',
  log_martians_off: 'log_martians is off on an interface',
  packets_accepted: 'an interface accepts such packets, which is silent',
  log_unreadable: 'the log cannot be read',
  foreign_network_namespace: "this is not the host's network",
};

/** Each kind of event: how often, from where, and whether it would be seen at all. Pure. */
export function events({ accounts, visibility, suppressedMessages }: Snapshot): StatusTable {
  return {
    title: 'Events',
    note: `One packet can give events of several kinds: never add kinds up. An address says where to look, not whom to blame: whoever sends a packet can forge it.${keptBack(suppressedMessages)}`,
    columns: ['Event', 'Count', 'Most frequent addresses', 'The address is', 'Would it be seen?', 'Last seen'],
    rows: accounts.map((account) => [
      account.kind.name,
      total(account),
      addresses(account),
      ROLES[account.kind.addressRole],
      seen(visibility.find(({ event }) => event === account.kind.name)),
      moment(account.lastSeen),
    ]),
  };
}

/** How many events of a kind there were. */
export function total({ totals }: EventAccount): number {
  return totals.reduce((sum, { count }) => sum + count, 0);
}

function keptBack(messages: number): string {
  return messages === 0 ? '' : ` The kernel kept back ${messages} network messages, by its own limit.`;
}

function addresses(account: EventAccount): string {
  const top = account.sources.named.toSorted((a, b) => b[1] - a[1]).slice(0, MOST_ADDRESSES);
  const others = total(account) - account.unaddressed - top.reduce((sum, [, count]) => sum + count, 0);
  const counts = [...top, ['all others', others] as const, ['without address', account.unaddressed] as const];
  const some = counts.filter(([, count]) => count > 0).map(([label, count]) => `${label} (${count})`);
  return some.length === 0 ? 'none' : some.join(', ');
}

function seen(visibility: EventVisibility | undefined): string {
  if (visibility === undefined) return 'not looked at';
  const { event, observable, reasons } = visibility;
  if (reasons.length > 0) return `no: ${names(reasons.map((reason) => REASONS[reason]))}`;
  if (observable === 1) return 'yes';
  if (observable === 0) return 'no: net.core.warnings is 0';
  return event === 'source_route_attempt' ? 'only if a firewall rule logs it' : 'cannot be told';
}
