import { type CheckRow, checkRows, fallsShort } from '../../../check/check-row.ts';
import { groupRows, type RowGroup } from '../../../check/render/group-rows.ts';
import { familyName, names } from '../../../check/render/names.ts';
import type { Snapshot } from '../../../exposition/snapshot.ts';
import type { PersistedRow, SysctlRow } from '../../../posture/runtime/runtime.ts';
import type { StatusTable } from '../../../web/site.ts';

/** Rows of the table, and names in a row: the rest is in the metrics, and in `check`. */
const MOST_ROWS = 12;
const MOST_NAMES = 3;

const DECIDED_BY: Readonly<Record<PersistedRow['origin'], string>> = {
  explicit: '',
  glob: ' (a pattern)',
  inherited: ' (the line of default)',
  kernel_default: 'kernel default',
};

/** What the policy forbids, interfaces that are alike in one row, and the file and line that decide it; no table if it is kept. Pure. */
export function violations({ posture }: Snapshot): StatusTable[] {
  if (posture === undefined) return [];
  const rows = checkRows(posture);
  const sysctls = [...new Set(rows.map(({ sysctl }) => sysctl))];
  const groups = sysctls
    .flatMap((sysctl) => groupRows(rows.filter((row) => row.sysctl === sysctl)))
    .filter(({ row }) => fallsShort(row))
    .sort((a, b) => rank(a) - rank(b));
  if (groups.length === 0) return [];
  const left = groups.length - MOST_ROWS;
  return [
    {
      title: 'Not as the policy wants it',
      note: `srcroute-exporter check, run on this host, names the commands that mend it${left > 0 ? `, and ${left} more rows like these` : ''}.`,
      columns: ['Interface', 'Family and sysctl', 'As it stands', 'As the kernel acts', 'After a boot', 'Decided by'],
      rows: groups.slice(0, MOST_ROWS).map(cells),
    },
  ];
}

/** What the kernel acts on first, then what it will. */
function rank({ row }: RowGroup): number {
  if (row.effective?.compliant === false) return 0;
  return row.persisted?.compliant === false ? 1 : 2;
}

function cells({ row, labels }: RowGroup): string[] {
  return [
    row.interface === '' ? 'the host' : names(labels, MOST_NAMES),
    `${familyName(row.family)} ${row.sysctl}`.trim(),
    value(row.runtime),
    isInterface(row) ? value(row.effective) : 'not by itself',
    value(row.persisted),
    decidedBy(row.persisted),
  ];
}

function isInterface(row: CheckRow): boolean {
  return !['', 'all', 'default'].includes(row.interface);
}

function value(row: SysctlRow | undefined): string {
  if (row === undefined) return 'unknown';
  return row.compliant === false ? `${row.value}, forbidden` : String(row.value);
}

function decidedBy(row: PersistedRow | undefined): string {
  if (row === undefined) return 'unknown';
  return `${row.file === '' ? '' : `${row.file}:${row.line}`}${DECIDED_BY[row.origin]}`;
}
