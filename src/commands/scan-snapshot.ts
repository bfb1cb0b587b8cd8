import type { Snapshot } from '../exposition/snapshot.ts';
import { type InputStats, newInputStats } from '../input/record.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ScannedLog } from '../scan/report/scan-report.ts';

/**
 * What the exporter would show had it read these logs from their start: events and logs. What belongs to a host and not to its logs is left
 * out. Takes the ledger and its clock in seconds, and the present in seconds since the epoch.
 */
export function scanSnapshot(
  ledger: Ledger,
  logs: readonly ScannedLog[],
  clock: number,
  nowSeconds: number,
  build: Snapshot['build'],
): Snapshot {
  return {
    accounts: ledger.accounts(clock),
    suppressedMessages: ledger.suppressedMessages,
    inputs: logs.map((log) => ({ name: log.name, stats: statsOf(log, nowSeconds) })),
    posture: undefined,
    bootApplier: undefined,
    visibility: [],
    hostNetworkNamespace: undefined,
    sysctlReadErrors: 0,
    collectors: [],
    configFiles: [],
    stateLoads: {},
    stateSaves: {},
    build,
  };
}

/** A log that was read whole is up; what was read of one that was not counts all the same. */
function statsOf({ totals, error }: ScannedLog, nowSeconds: number): InputStats {
  const { tally, lastTime } = totals;
  return {
    ...newInputStats(),
    up: error === undefined,
    records: tally.records,
    lost: tally.lost,
    rejected: { ...tally.rejected },
    lastPoll: error === undefined ? nowSeconds : undefined,
    lastRecord: tally.records === 0 ? undefined : (lastTime ?? nowSeconds),
    unreadBytes: error === undefined ? 0 : undefined,
  };
}
