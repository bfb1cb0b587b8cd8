import { printable } from '../../check/render/printable.ts';
import type { Snapshot } from '../../exposition/snapshot.ts';
import type { StatusTable } from '../../web/site.ts';
import { answers } from './page/answers.ts';
import { events } from './page/events.ts';
import { exporter } from './page/exporter.ts';
import { logs } from './page/logs.ts';
import { policy } from './page/policy.ts';
import { violations } from './page/violations.ts';

/**
 * The live state for the page, what matters most first. Names of interfaces and files may hold anything: what would change how the rest of
 * a line is shown (control characters, the direction of writing) is spelled out here; that it is no HTML is the page's affair.
 */
export function status(snapshot: Snapshot): StatusTable[] {
  const tables = [answers, violations, policy, events, logs, exporter].flatMap((table) => table(snapshot));
  return tables.map((table) => ({
    ...table,
    rows: table.rows.map((row) => row.map((cell) => (typeof cell === 'string' ? printable(cell) : cell))),
  }));
}
