import type { Snapshot } from '../../../exposition/snapshot.ts';
import type { StatusTable } from '../../../web/site.ts';
import { moment } from './moment.ts';

/** The logs that are followed, and what of them was not counted. Pure. */
export function logs({ inputs }: Snapshot): StatusTable {
  return {
    title: 'Log',
    note: 'Lost is what the kernel had overwritten before it was read. Rejected is what has the words of an event and is none.',
    columns: ['Input', 'State', 'Records', 'Lost', 'Rejected', 'Last record'],
    rows: inputs.map(({ name, stats }) => [
      name,
      stats.up ? 'reading' : 'cannot be read',
      stats.records,
      stats.lost,
      rejected(stats.rejected),
      moment(stats.lastRecord),
    ]),
  };
}

function rejected(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length === 0 ? '0' : some.map(([reason, count]) => `${count} ${reason}`).join(', ');
}
