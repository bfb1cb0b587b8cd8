import type { InputStats } from '../input/record.ts';
import type { EventAccount } from '../ledger/ledger.ts';
import type { BootApplier } from '../posture/boot/appliers.ts';
import type { EventVisibility } from '../posture/observability/blind-spot.ts';
import type { Posture } from '../posture/runtime/runtime.ts';

/** One run of a collector: what is read anew at each scrape. */
export interface CollectorRun {
  readonly collector: string;
  readonly success: boolean;
  readonly durationSeconds: number;
}

/** All that a scrape shows, as it is at one moment. */
export interface Snapshot {
  readonly accounts: readonly EventAccount[];
  readonly suppressedMessages: number;
  readonly inputs: readonly { readonly name: string; readonly stats: InputStats }[];
  /** Undefined while the collector is switched off. */
  readonly posture: Posture | undefined;
  /** What a boot of this host applies its sysctl files with; undefined while the collector is switched off. */
  readonly bootApplier: BootApplier | undefined;
  /** Empty while the collector is switched off. */
  readonly visibility: readonly EventVisibility[];
  readonly hostNetworkNamespace: 0 | 1 | undefined;
  readonly sysctlReadErrors: number;
  readonly collectors: readonly CollectorRun[];
  /** Configuration files that can be read again while the program runs. */
  readonly configFiles: readonly {
    readonly file: string;
    readonly successful: boolean;
    /** Seconds since the epoch. */
    readonly successTimestamp: number;
  }[];
  /** Counts by outcome. */
  readonly stateLoads: Readonly<Record<string, number>>;
  readonly stateSaves: Readonly<Record<string, number>>;
  readonly build: { readonly version: string; readonly revision: string; readonly node: string };
}
