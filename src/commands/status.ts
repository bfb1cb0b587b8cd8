import type { Snapshot } from '../exposition/snapshot.ts';
import type { StatusTable } from '../web/site.ts';

/** The live state for the page: the log, the events and the posture, a table each. */
export function status({ inputs, accounts, posture, hostNetworkNamespace }: Snapshot): StatusTable[] {
  return [
    {
      title: 'Log',
      note: 'While a log cannot be read, events are not seen and their counters stand still.',
      columns: ['Input', 'State', 'Records', 'Lost', 'Rejected', 'Last record'],
      rows: inputs.map(({ name, stats }) => [
        name,
        stats.up ? 'reading' : 'cannot be read',
        stats.records,
        stats.lost,
        Object.values(stats.rejected).reduce((sum, count) => sum + count, 0),
        moment(stats.lastRecord),
      ]),
    },
    {
      title: 'Events',
      note: 'One packet can give events of several kinds: never add kinds up. Addresses can be forged by whoever sends the packet.',
      columns: ['Event', 'Count', 'Sources', 'Address is', 'Last seen'],
      rows: accounts.map(({ kind, totals, sources, lastSeen }) => [
        kind.name,
        totals.reduce((sum, { count }) => sum + count, 0),
        sources.size,
        kind.addressRole.replaceAll('_', ' '),
        moment(lastSeen),
      ]),
    },
    {
      title: 'Interfaces',
      note:
        hostNetworkNamespace === 0
          ? "What is read is a container's network namespace, not the host's."
          : 'Effective is what the kernel acts on; runtime is the value as it stands.',
      columns: ['Family and sysctl', 'Scope', 'Verdict', 'Interfaces'],
      rows: (posture?.counts ?? []).map(({ family, sysctl, scope, verdict, count }) => [
        `${family} ${sysctl}`,
        scope,
        verdict,
        count,
      ]),
    },
  ];
}

function moment(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : new Date(seconds * 1000).toISOString();
}
