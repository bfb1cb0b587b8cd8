import type { EventKind } from '../event/event.ts';
import { REJECTIONS } from '../input/record.ts';
import type { EventAccount } from '../ledger/ledger.ts';
import type { Places } from '../ledger/places.ts';
import type { PersistedRow, SysctlRow } from '../posture/runtime/runtime.ts';
import type { Snapshot } from './snapshot.ts';

/** One value of a metric, with its labels in order. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric: a row of the table. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: (snapshot: Snapshot) => Sample[];
}

const none = {};

/** The table of metrics. HELP says what the number means and what it does not; the order is that of the exposition. */
export const METRICS: readonly Metric[] = [
  {
    name: 'srcroute_events_total',
    type: 'counter',
    help: 'Events in the kernel log, exactly. Family is that of the packet; origin tells whether the address is one of this host (local), expected (known), not printed by the kernel (unknown) or none of these (external). One packet can give events of several kinds: never add kinds up. Addresses can be forged by whoever sends the packet.',
    samples: ({ accounts }) =>
      accounts.flatMap(({ kind, totals }) =>
        totals.map(({ family, origin, count }) => ({ labels: { event: kind.name, family, origin }, value: count })),
      ),
  },
  {
    name: 'srcroute_source_events_total',
    type: 'counter',
    help: 'The same events by address, for as many addresses as --sources.max allows; source_ip="other" is the rest and "unknown" what came without an address. What the address is differs by event, see srcroute_event_info: for source_route_failed it is the destination of a quoted packet, neither sender nor attacker. An address that was named late begins at 0: what it sent before is in other.',
    samples: ({ accounts }) =>
      accounts.flatMap(({ kind, sources, unaddressed }) => places('source_ip', kind, sources, unaddressed)),
  },
  {
    name: 'srcroute_subnet_events_total',
    type: 'counter',
    help: 'The same events by subnet of the address (--sources.ipv4-subnet, --sources.ipv6-subnet), bounded like the addresses. One attacker can use a whole subnet.',
    samples: ({ accounts }) =>
      accounts.flatMap(({ kind, subnets, unaddressed }) => places('subnet', kind, subnets, unaddressed)),
  },
  perEvent(
    'srcroute_expired_source_events_total',
    'counter',
    'Counts of addresses that gave their place back after --sources.expire-after of silence, or to one that proved to send more. With those of srcroute_source_events_total they add up to srcroute_events_total.',
    ({ sources }) => sources.expired,
  ),
  perEvent(
    'srcroute_expired_subnet_events_total',
    'counter',
    'Counts of subnets that gave their place back. With those of srcroute_subnet_events_total they add up to srcroute_events_total.',
    ({ subnets }) => subnets.expired,
  ),
  perEvent(
    'srcroute_new_sources_total',
    'counter',
    'Addresses that got a series of their own and had none before, or none any more.',
    ({ sources }) => sources.namings,
  ),
  perEvent(
    'srcroute_sources_replacements_exhausted_total',
    'counter',
    'Times an address or a subnet got no place only because the hour allows no more replacements than --sources.max: while this grows, there may be a heavy sender without a series.',
    ({ sources, subnets }) => sources.exhausted + subnets.exhausted,
  ),
  perEvent(
    'srcroute_tracked_sources',
    'gauge',
    'Addresses that have a series of their own.',
    ({ sources }) => sources.size,
  ),
  perEvent(
    'srcroute_tracked_sources_limit',
    'gauge',
    'Addresses that can have a series of their own (--sources.max).',
    ({ sources }) => sources.max,
  ),
  perEvent(
    'srcroute_tracked_subnets',
    'gauge',
    'Subnets that have a series of their own.',
    ({ subnets }) => subnets.size,
  ),
  perEvent(
    'srcroute_tracked_subnets_limit',
    'gauge',
    'Subnets that can have a series of their own (--sources.max).',
    ({ subnets }) => subnets.max,
  ),
  {
    name: 'srcroute_event_last_seen_timestamp_seconds',
    type: 'gauge',
    help: 'When the last event was logged, by the log itself where it tells the time, else when it was read. Absent until there was one.',
    samples: ({ accounts }) => accounts.flatMap(({ kind, lastSeen }) => sample({ event: kind.name }, lastSeen)),
  },
  {
    name: 'srcroute_event_info',
    type: 'gauge',
    help: 'What the address of an event is: sender of the packet, quoted_destination (destination of the packet quoted in an ICMP error), or answered_packet_source (source of the ICMPv6 error that was not answered; can be this host).',
    samples: ({ accounts }) =>
      accounts.map(({ kind }) => ({ labels: { event: kind.name, address_role: kind.addressRole }, value: 1 })),
  },
  {
    name: 'srcroute_log_up',
    type: 'gauge',
    help: 'Whether the log can be read. While 0, events are not seen and their counters stand still.',
    samples: ({ inputs }) => inputs.map(({ name, stats }) => ({ labels: { input: name }, value: stats.up ? 1 : 0 })),
  },
  {
    name: 'srcroute_log_records_total',
    type: 'counter',
    help: 'Records read from the log: events, rejected ones, and all that is not ours.',
    samples: ({ inputs }) => inputs.map(({ name, stats }) => ({ labels: { input: name }, value: stats.records })),
  },
  {
    name: 'srcroute_log_lost_records_total',
    type: 'counter',
    help: 'Records that the kernel overwrote before they were read, exactly (gaps in its sequence numbers). Files have no such numbers.',
    samples: ({ inputs }) => inputs.map(({ name, stats }) => ({ labels: { input: name }, value: stats.lost })),
  },
  {
    name: 'srcroute_log_reopens_total',
    type: 'counter',
    help: 'Times the log went on in another file, or in the same after it was truncated.',
    samples: ({ inputs }) => inputs.map(({ name, stats }) => ({ labels: { input: name }, value: stats.reopens })),
  },
  {
    name: 'srcroute_log_rejected_records_total',
    type: 'counter',
    help: 'Records that were not counted as events: userspace (has the words of an event, but the kernel did not write it: a forgery, or talk about one), malformed (no record of this kind of log), oversize (line over 64 KiB), unrecognised (the kernel wrote the words of an event, but not in a known form).',
    samples: ({ inputs }) =>
      inputs.flatMap(({ name, stats }) =>
        REJECTIONS.map((reason) => ({ labels: { input: name, reason }, value: stats.rejected[reason] })),
      ),
  },
  {
    name: 'srcroute_log_last_poll_timestamp_seconds',
    type: 'gauge',
    help: 'When the log was last looked at with success: the heartbeat. A kernel that has nothing to say is normal.',
    samples: ({ inputs }) => inputs.flatMap(({ name, stats }) => sample({ input: name }, stats.lastPoll)),
  },
  {
    name: 'srcroute_log_last_record_timestamp_seconds',
    type: 'gauge',
    help: 'When the last record of any kind was logged, by the log itself where it tells the time, else when it was read.',
    samples: ({ inputs }) => inputs.flatMap(({ name, stats }) => sample({ input: name }, stats.lastRecord)),
  },
  {
    name: 'srcroute_log_unread_bytes',
    type: 'gauge',
    help: 'Bytes of a log file that are not read yet. Absent for the device, which has no size.',
    samples: ({ inputs }) => inputs.flatMap(({ name, stats }) => sample({ input: name }, stats.unreadBytes)),
  },
  {
    name: 'srcroute_kernel_suppressed_messages_total',
    type: 'counter',
    help: 'Network messages of all kinds together that the kernel says its one rate limit kept back: an upper bound of the events not printed. Netfilter LOG lines do not go through it.',
    samples: ({ suppressedMessages }) => [{ labels: none, value: suppressedMessages }],
  },
  {
    name: 'srcroute_event_observable',
    type: 'gauge',
    help: 'Whether the kernel would print the event here (1) or not (0): by dynamic debug, its version, log_martians, and whether packets are accepted, which is silent. Absent where it cannot be told, as for source_route_attempt, which a firewall rule prints. 0 means that a count of 0 says nothing.',
    samples: ({ visibility }) => visibility.flatMap(({ event, observable }) => sample({ event }, observable)),
  },
  {
    name: 'srcroute_event_blind_spot',
    type: 'gauge',
    help: 'Each reason why the event would not be seen: the kernel cannot print it (dynamic_debug_absent), is told not to (dynamic_debug_off, log_martians_off), is silent because an interface accepts (packets_accepted), the log cannot be read (log_unreadable), or what is read is not of the host (foreign_network_namespace).',
    samples: ({ visibility }) =>
      visibility.flatMap(({ event, reasons }) => reasons.map((reason) => ({ labels: { event, reason }, value: 1 }))),
  },
  {
    name: 'srcroute_sysctl_value',
    type: 'gauge',
    help: 'The value of the sysctl as it stands, for all, default and interfaces. What the kernel does is srcroute_sysctl_effective_value.',
    samples: ({ posture }) => sysctls(posture?.values, (row) => row.value),
  },
  {
    name: 'srcroute_sysctl_compliant',
    type: 'gauge',
    help: 'Whether the value as it stands is what the policy wants. A stock kernel has 1 for IPv4 default and interfaces and refuses all the same, because all is 0: see srcroute_sysctl_effective_compliant.',
    samples: ({ posture }) => verdicts(posture?.values),
  },
  {
    name: 'srcroute_sysctl_effective_value',
    type: 'gauge',
    help: 'What the kernel acts on for the interface: its value combined with that of all, by the rule of the sysctl (accept_source_route: all AND interface for IPv4, the lesser of both for IPv6).',
    samples: ({ posture }) => sysctls(posture?.effective, (row) => row.value),
  },
  {
    name: 'srcroute_sysctl_effective_compliant',
    type: 'gauge',
    help: 'Whether what the kernel acts on is what the policy wants. 0 for accept_source_route and IPv4: this interface accepts source-routed packets. IPv6 type 0 headers are refused whatever the value.',
    samples: ({ posture }) => verdicts(posture?.effective),
  },
  {
    name: 'srcroute_sysctl_persisted_value',
    type: 'gauge',
    help: 'What the sysctl will be after a boot, by the files that the boot applies (systemd-sysctl, or procps where there is no systemd). Absent where something else applies them (srcroute_boot_applier_info). A prediction: an initramfs, cloud-init or a unit that runs sysctl is in no such file.',
    samples: ({ posture }) => sysctls(posture?.persisted, (row) => row.value),
  },
  {
    name: 'srcroute_sysctl_persisted_compliant',
    type: 'gauge',
    help: 'Whether what the sysctl will be after a boot is what the policy wants.',
    samples: ({ posture }) => verdicts(posture?.persisted),
  },
  {
    name: 'srcroute_sysctl_persisted_info',
    type: 'gauge',
    help: 'Why the sysctl will be so after a boot: by a line of its own (explicit), by a pattern (glob), by the line of default (inherited), or by no line at all (kernel_default), and which line of which file.',
    samples: ({ posture }) => (posture?.persisted ?? []).map((row) => ({ labels: origin(row), value: 1 })),
  },
  {
    name: 'srcroute_sysctl_info',
    type: 'gauge',
    help: 'The value of a sysctl that is a text, such as ratemask.',
    samples: ({ posture }) =>
      (posture?.infos ?? []).map(({ family, interface: name, sysctl, text }) => ({
        labels: { family, interface: name, sysctl, value: text },
        value: 1,
      })),
  },
  {
    name: 'srcroute_boot_applier_info',
    type: 'gauge',
    help: 'What applies the sysctl files at a boot of this host: systemd, or procps where there is none. unknown: something else (BusyBox, runit), and no value after a boot is predicted.',
    samples: ({ bootApplier }) =>
      bootApplier === undefined ? [] : [{ labels: { boot_applier: bootApplier }, value: 1 }],
  },
  {
    name: 'srcroute_sysctl_interfaces',
    type: 'gauge',
    help: 'Interfaces by verdict, every one counted, also those without rows of their own (--sysctl.interfaces-max). Scope runtime: the value as it stands; effective: what the kernel acts on; persisted: what it will be after a boot.',
    samples: ({ posture }) =>
      (posture?.counts ?? []).map(({ family, sysctl, scope, verdict, count }) => ({
        labels: { family, sysctl, scope, verdict },
        value: count,
      })),
  },
  {
    name: 'srcroute_sysctl_read_errors_total',
    type: 'counter',
    help: 'Sysctls that could not be read, among them those of interfaces that went away meanwhile, which is normal.',
    samples: ({ sysctlReadErrors }) => [{ labels: none, value: sysctlReadErrors }],
  },
  {
    name: 'srcroute_host_network_namespace',
    type: 'gauge',
    help: "Whether the sysctls and addresses that are read are those of the host's network namespace (1) or of a container (0). Absent if it cannot be told.",
    samples: ({ hostNetworkNamespace }) => sample(none, hostNetworkNamespace),
  },
  {
    name: 'srcroute_collector_success',
    type: 'gauge',
    help: 'Whether the collector could read what it reads. While 0, its metrics are missing or incomplete.',
    samples: ({ collectors }) =>
      collectors.map(({ collector, success }) => ({ labels: { collector }, value: success ? 1 : 0 })),
  },
  {
    name: 'srcroute_collector_duration_seconds',
    type: 'gauge',
    help: 'How long the collector took at this scrape.',
    samples: ({ collectors }) =>
      collectors.map(({ collector, durationSeconds }) => ({ labels: { collector }, value: durationSeconds })),
  },
  {
    name: 'srcroute_state_saves_total',
    type: 'counter',
    help: 'Checkpoints since the start. After a failure what is counted goes on being right, but would be lost or counted again by a crash. Stays 0 without --state.file.',
    samples: ({ stateSaves }) => outcomes(stateSaves),
  },
  {
    name: 'srcroute_state_loads_total',
    type: 'counter',
    help: 'How this process began: with the saved state (loaded), without one (absent), or without one because it was damaged or of an unsupported version and was set aside. Stays 0 without --state.file.',
    samples: ({ stateLoads }) => outcomes(stateLoads),
  },
  {
    name: 'srcroute_config_last_reload_successful',
    type: 'gauge',
    help: 'Whether the configuration file was right when it was last read. While 0, what it said before is in force.',
    samples: ({ configFiles }) =>
      configFiles.map(({ file, successful }) => ({ labels: { file }, value: successful ? 1 : 0 })),
  },
  {
    name: 'srcroute_config_last_reload_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the configuration file that is in force was read.',
    samples: ({ configFiles }) =>
      configFiles.map(({ file, successTimestamp }) => ({ labels: { file }, value: successTimestamp })),
  },
  {
    name: 'srcroute_exporter_build_info',
    type: 'gauge',
    help: 'What is running: version and commit of the exporter, and the version of Node.js under it.',
    samples: ({ build }) => [
      { labels: { version: build.version, revision: build.revision, node_version: build.node }, value: 1 },
    ],
  },
];

/** A metric with the label `event` alone. */
function perEvent(name: string, type: Metric['type'], help: string, value: (account: EventAccount) => number): Metric {
  const samples = ({ accounts }: Snapshot) =>
    accounts.map((account) => ({ labels: { event: account.kind.name }, value: value(account) }));
  return { name, type, help, samples };
}

/** The named, and what has no name: no address can be called so. */
function places(label: string, kind: EventKind, table: Places, unaddressed: number): Sample[] {
  const labelsOf = keptLabels(table, (text) => ({ event: kind.name, [label]: text }));
  const unknown = kind.canLackAddress ? [{ labels: labelsOf('unknown'), value: unaddressed }] : [];
  return [
    { labels: labelsOf('other'), value: table.other },
    ...unknown,
    ...table.named.map(([text, value]) => ({ labels: labelsOf(text), value })),
  ];
}

const kept = new WeakMap<Places, Map<string, Sample['labels']>>();

/** Labels of a table's rows, the same objects as at the last scrape where the row was there: their text is kept with them. */
function keptLabels(table: Places, make: (text: string) => Sample['labels']): (text: string) => Sample['labels'] {
  const before = kept.get(table);
  const now = new Map<string, Sample['labels']>();
  kept.set(table, now);
  return (text) => {
    const labels = before?.get(text) ?? make(text);
    now.set(text, labels);
    return labels;
  };
}

/** A value that may be missing is a series that is missing: a zero would lie. */
function sample(labels: Sample['labels'], value: number | undefined): Sample[] {
  return value === undefined ? [] : [{ labels, value }];
}

function outcomes(counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([outcome, value]) => ({ labels: { outcome }, value }));
}

function sysctls(rows: readonly SysctlRow[] | undefined, value: (row: SysctlRow) => number): Sample[] {
  return (rows ?? []).map((row) => ({ labels: place(row), value: value(row) }));
}

/** A sysctl that the policy only looks at has no verdict. */
function verdicts(rows: readonly SysctlRow[] | undefined): Sample[] {
  return (rows ?? []).flatMap((row) =>
    row.compliant === undefined ? [] : [{ labels: place(row), value: row.compliant ? 1 : 0 }],
  );
}

function place({ family, interface: name, sysctl }: SysctlRow): Sample['labels'] {
  return { family, interface: name, sysctl };
}

function origin(row: PersistedRow): Sample['labels'] {
  return { ...place(row), origin: row.origin, file: row.file, line: String(row.line ?? '') };
}
