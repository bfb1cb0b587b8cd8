import type { EventKind } from '../../event/event.ts';
import type { LogTotals } from '../files/log-totals.ts';
import type { Form } from '../forms/form.ts';
import { FORMS } from '../forms/forms.ts';
import { addTally, newTally, type Tally } from '../lines/tally.ts';
import type { Finding } from './findings.ts';

/** One log that was scanned. */
export interface ScannedLog {
  readonly name: string;
  readonly totals: LogTotals;
  /** Why it was not read whole. */
  readonly error: string | undefined;
  /** Why its zeros mean nothing: it has lines, and none of them was understood. */
  readonly notUnderstood: string | undefined;
}

/** What was found in all logs together: what every output shows. */
export interface ScanReport {
  /** False when it was interrupted. */
  readonly isComplete: boolean;
  readonly logs: readonly ScannedLog[];
  readonly findings: readonly Finding[];
  /** Of all logs. */
  readonly tally: Tally;
}

/** Forms that were seen, and how many records there were of each. */
export function formsSeen({ byForm }: Tally): { readonly form: Form; readonly records: number }[] {
  return FORMS.map((form, index) => ({ form, records: byForm[index] ?? 0 })).filter(({ records }) => records > 0);
}

/** Why a log does not tell all that happened; undefined if it does. */
export function problemOf({ error, notUnderstood }: ScannedLog): string | undefined {
  return error ?? notUnderstood;
}

/** Adds up what was counted in logs. */
export function sumOf(kinds: readonly EventKind[], logs: readonly ScannedLog[]): Tally {
  const sum = newTally(kinds);
  for (const { totals } of logs) addTally(sum, totals.tally);
  return sum;
}
