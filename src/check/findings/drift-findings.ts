import { type CheckRow, drifts, fallsShort } from '../check-row.ts';
import { familyName } from '../render/names.ts';
import type { Finding } from './finding.ts';

/** Values that a boot would change and that are right both before and after: somebody set them by hand. Pure; throws nothing. */
export function driftFindings(rows: readonly CheckRow[]): Finding[] {
  const drifting = rows.filter((row) => drifts(row) && !fallsShort(row));
  const kinds = new Set(drifting.map(({ family, sysctl }) => `${familyName(family)} ${sysctl}`.trim()));
  return [...kinds].map((kind) => {
    const ours = drifting.filter(({ family, sysctl }) => `${familyName(family)} ${sysctl}`.trim() === kind);
    const values = ours.map((row) => `${row.interface} ${row.runtime?.value} to ${row.persisted?.value}`.trim());
    const shown = values.slice(0, 3).join(', ');
    return {
      severity: 'note',
      kind: 'drift',
      subject: kind,
      title: `A boot would change ${kind}`,
      problems: [`From what it is now: ${shown}${values.length > 3 ? ` and ${values.length - 3} more` : ''}.`],
      interfaces: ours.map((row) => row.interface).filter((name) => name !== ''),
      remedies: [],
    };
  });
}
