import type { EventKind } from '../../event/event.ts';
import { REJECTIONS, type Rejection } from '../../input/record.ts';
import { FORMS } from '../forms/forms.ts';

/** What reading a log counted, besides its events. Plain data: parts of one file are read by different threads. */
export interface Tally {
  /** Whole lines that begin a record, and those that are none of the forms. */
  records: number;
  /** Records that were events. */
  events: number;
  /** Records that may be events in a format that is not known. */
  misread: number;
  /** Records that sequence numbers show to be missing. */
  lost: number;
  /** The N of the kernel's `net_ratelimit: N callbacks suppressed`, added up. */
  suppressed: number;
  readonly rejected: Record<Rejection, number>;
  /** Of the rejected, those that had the words of an event: by kind, in the order of the table. */
  readonly rejectedByKind: Record<'userspace' | 'unrecognised', number>[];
  /** Records of each form, in the order of the table. */
  readonly byForm: number[];
}

/** Nothing counted yet. */
export function newTally(kinds: readonly EventKind[]): Tally {
  return {
    records: 0,
    events: 0,
    misread: 0,
    lost: 0,
    suppressed: 0,
    rejected: { userspace: 0, malformed: 0, oversize: 0, unrecognised: 0 },
    rejectedByKind: kinds.map(() => ({ userspace: 0, unrecognised: 0 })),
    byForm: FORMS.map(() => 0),
  };
}

/** Adds what another part of the log counted. */
export function addTally(to: Tally, part: Tally): void {
  to.records += part.records;
  to.events += part.events;
  to.misread += part.misread;
  to.lost += part.lost;
  to.suppressed += part.suppressed;
  for (const reason of REJECTIONS) to.rejected[reason] += part.rejected[reason];
  to.rejectedByKind.forEach((counts, kind) => {
    counts.userspace += part.rejectedByKind[kind]?.userspace ?? 0;
    counts.unrecognised += part.rejectedByKind[kind]?.unrecognised ?? 0;
  });
  part.byForm.forEach((records, form) => {
    to.byForm[form] = (to.byForm[form] ?? 0) + records;
  });
}
