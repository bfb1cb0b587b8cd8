import type { PersistedRow, SysctlRow } from '../../posture/runtime/runtime.ts';
import type { SysctlReport } from '../report.ts';
import { groupRows, type RowGroup } from './group-rows.ts';
import { type Cell, columns, WIDTH, wrap } from './layout.ts';
import { familyName, names } from './names.ts';
import { printable } from './printable.ts';

const HEADS = ['FAMILY', 'INTERFACE', 'RUNTIME', 'EFFECTIVE', 'PERSISTED', 'BY'];
/** So wide may the names of a row be, that `kernel default` and `[1]:12 (pattern)` find room behind them. */
const MAX_NAMES = 21;
/** What the other columns take, with the gaps. */
const OTHERS = 43;

/**
 * The values of one sysctl as lines, interfaces that are alike together. A path that leaves no room is named below. Takes what shows a
 * value that falls short. Pure.
 */
export function sysctlTable({ rules, rows, infos }: SysctlReport, paint: (text: string) => string): string[] {
  const groups = groupRows(rows);
  const files = [...new Set(groups.flatMap(({ row }) => row.persisted?.file || []))];
  const room =
    WIDTH - OTHERS - Math.max(...groups.map(({ labels }) => Math.max(shorten(labels).length, 'INTERFACE'.length)));
  const isTight = groups.some(({ row }) => decidedBy(row.persisted, (file) => file).length > room);
  const place = (file: string) => (isTight ? `[${files.indexOf(file) + 1}]` : file);
  const notes = isTight ? files.map((file) => `  ${place(file)} ${printable(file)}`) : [];
  const absent = rules
    .map(({ family }) => family)
    .filter((family) => ![...rows, ...infos].some((row) => row.family === family));
  return [
    ...(groups.length === 0
      ? []
      : columns(
          HEADS,
          groups.map((group) => cells(group, place)),
          paint,
        )),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    ...infos.flatMap(({ text }) => wrap(printable(text), 2)),
    ...absent.flatMap((family) => [
      '',
      ...wrap(`${familyName(family) || 'This kernel'} has none of it here: not applicable.`, 2),
    ]),
    ...references(rules),
  ];
}

function cells({ row, labels }: RowGroup, place: (file: string) => string): Cell[] {
  const isInterface = !['', 'all', 'default'].includes(row.interface);
  return [
    { text: row.family || '-' },
    { text: row.interface === '' ? '-' : shorten(labels) },
    value(row.runtime),
    isInterface ? value(row.effective) : { text: '-' },
    value(row.persisted),
    { text: printable(decidedBy(row.persisted, place)) },
  ];
}

/** As many names as fit. */
function shorten(labels: readonly string[]): string {
  const shown = labels.map((label) => printable(label));
  const fitting = [3, 2, 1].find((max) => names(shown, max).length <= MAX_NAMES) ?? 1;
  return names(shown, fitting);
}

function value(row: SysctlRow | undefined): Cell {
  if (row === undefined) return { text: '?' };
  return row.compliant === false ? { text: `${row.value} !`, isBad: true } : { text: String(row.value) };
}

function decidedBy(row: PersistedRow | undefined, place: (file: string) => string): string {
  if (row === undefined) return '';
  if (row.file === '') return 'kernel default';
  const line = `${place(row.file)}:${row.line}`;
  if (row.origin === 'glob') return `${line} (pattern)`;
  return row.origin === 'inherited' ? `${line} (default)` : line;
}

function references(rules: SysctlReport['rules']): string[] {
  const all = [...new Set(rules.flatMap((rule) => rule.references))];
  return all.length === 0 ? [] : ['', ...wrap(`See ${printable(all.join('; '))}.`, 2)];
}
