import { type CheckRow, fallsShort } from '../check-row.ts';

/** Interfaces that are alike in everything that is shown of them. */
export interface RowGroup {
  readonly row: CheckRow;
  readonly labels: readonly string[];
}

/** Brings together the interfaces of one sysctl that are alike; those that fall short come first in each family. Pure. */
export function groupRows(rows: readonly CheckRow[]): RowGroup[] {
  const groups = new Map<string, { row: CheckRow; labels: string[] }>();
  for (const row of rows) {
    const { family, runtime, effective, persisted } = row;
    const { origin, file, line } = persisted ?? {};
    const key = JSON.stringify([family, runtime?.value, effective?.value, persisted?.value, origin, file, line]);
    const group = groups.get(key);
    if (group) group.labels.push(row.interface);
    else groups.set(key, { row, labels: [row.interface] });
  }
  const families = [...new Set(rows.map(({ family }) => family))];
  const rank = ({ row }: RowGroup) => families.indexOf(row.family) * 2 + (fallsShort(row) ? 0 : 1);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}
