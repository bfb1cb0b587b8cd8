import { count, familyName, names } from '../../../check/render/names.ts';
import type { Snapshot } from '../../../exposition/snapshot.ts';
import type { Posture, SysctlRow } from '../../../posture/runtime/runtime.ts';
import type { StatusTable } from '../../../web/site.ts';
import { total } from './events.ts';
import { moment } from './moment.ts';

/** The state in five answers, the verdict first. Pure. */
export function answers(snapshot: Snapshot): StatusTable {
  const { posture, hostNetworkNamespace, bootApplier } = snapshot;
  return {
    title: 'In short',
    ...(hostNetworkNamespace === 0 && {
      note: "What is read is a container's network namespace, not the host's: run with the host's network.",
    }),
    columns: ['Question', 'Answer'],
    rows: [
      ['Kernel keeps the policy?', keeps(posture, 'effective', posture?.values)],
      [
        'Every value right after a boot?',
        bootApplier === 'unknown'
          ? 'Not known: what applies the sysctl files of this host at a boot is unknown'
          : keeps(posture, 'persisted', posture?.persisted),
      ],
      ['Events would be seen?', seen(snapshot)],
      ['Events counted?', counted(snapshot)],
      ['Log read?', read(snapshot)],
    ],
  };
}

/** Takes the rows that sysctls of the whole host have in the scope: interfaces are counted, because not all have rows. */
function keeps(
  posture: Posture | undefined,
  scope: 'effective' | 'persisted',
  rows: readonly SysctlRow[] | undefined,
): string {
  if (posture === undefined || rows === undefined) return 'Not looked at: the collector is switched off';
  const of = `of ${count(posture.interfaces, 'interface')}`;
  const some = (verdict: string) =>
    posture.counts
      .filter((each) => each.scope === scope && each.verdict === verdict && each.count > 0)
      .map((each) => `${familyName(each.family)} ${each.sysctl} on ${each.count} ${of}`);
  const ofHost = rows.filter((row) => row.interface === '' && row.compliant === false);
  const violating = [...some('violating'), ...ofHost.map(({ sysctl, value }) => `${sysctl} is ${value}`)];
  if (violating.length > 0) return `No: ${violating.join('; ')}`;
  const unknown = some('unreadable');
  if (unknown.length > 0) return `Not known: no value of ${unknown.join('; ')}`;
  if (!posture.success) return 'Not known: not all could be read';
  return posture.interfaces === 0 ? 'Yes' : `Yes, on all ${count(posture.interfaces, 'interface')}`;
}

function seen({ visibility }: Snapshot): string {
  if (visibility.length === 0) return 'Not looked at: the collector is switched off';
  const kinds = { yes: [] as string[], no: [] as string[], open: [] as string[] };
  for (const { event, observable, reasons } of visibility) {
    const isUnseen = reasons.length > 0 || observable === 0;
    kinds[isUnseen ? 'no' : observable === 1 ? 'yes' : 'open'].push(event);
  }
  const parts = [
    ...(kinds.yes.length > 0 ? [`yes: ${names(kinds.yes, 4)}`] : []),
    ...(kinds.no.length > 0 ? [`no: ${names(kinds.no, 4)}`] : []),
    ...(kinds.open.length > 0 ? [`cannot be told: ${names(kinds.open, 4)}`] : []),
  ].join('; ');
  return parts.charAt(0).toUpperCase() + parts.slice(1);
}

function counted({ accounts }: Snapshot): string {
  const some = accounts.filter((account) => total(account) > 0);
  if (some.length === 0) return 'None';
  const last = Math.max(...some.map(({ lastSeen }) => lastSeen ?? 0));
  return `Yes: ${some.map((account) => `${account.kind.name} ${total(account)}`).join(', ')}; the last ${moment(last)}`;
}

function read({ inputs }: Snapshot): string {
  if (inputs.length === 0) return 'No: no file has a name that is to be followed';
  const down = inputs.filter(({ stats }) => !stats.up).map(({ name }) => name);
  if (down.length > 0) return `No: ${names(down)} cannot be read, and counts stand still`;
  const lost = inputs.reduce((sum, { stats }) => sum + stats.lost, 0);
  return lost === 0 ? 'Yes' : `Yes, but ${count(lost, 'record')} had been overwritten before`;
}
