import type { CollectorRun, Snapshot } from '../exposition/snapshot.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../log/log.ts';
import { readHostNetworkNamespace } from '../posture/namespace.ts';
import type { SysctlRule } from '../posture/policy.ts';
import { readPosture } from '../posture/runtime.ts';
import type { Environment } from './environment.ts';
import type { Memory } from './memory.ts';
import type { Inputs } from './open-inputs.ts';
import type { Reloadable } from './reloadable.ts';
import type { ServeConfig } from './serve-config.ts';

/** What is read anew at each scrape says how that went. */
interface Collected {
  readonly success: boolean;
  readonly error?: string;
}

/** Gives what takes a snapshot of everything: the posture is read anew each time, the rest is as it stands. */
export function snapshotTaker(
  config: ServeConfig,
  { monotonic, build }: Pick<Environment, 'monotonic' | 'build'>,
  rules: () => readonly SysctlRule[],
  configFiles: readonly Reloadable<unknown>[],
  ledger: Ledger,
  inputs: Inputs,
  memory: Memory,
  log: Log,
): () => Snapshot {
  const troubles = new Map<string, string | undefined>();
  let sysctlReadErrors = 0;

  /** Runs a collector, times it, and logs its trouble once. */
  const collect = <T extends Collected>(runs: CollectorRun[], collector: string, read: () => T): T => {
    const start = monotonic();
    const collected = read();
    const { success, error } = collected;
    if (error !== undefined && error !== troubles.get(collector)) log.warn('Collector failed', { collector, error });
    troubles.set(collector, error);
    runs.push({ collector, success, durationSeconds: monotonic() - start });
    return collected;
  };

  const readSysctls = () =>
    readPosture({
      procfs: config.procfs,
      sysfs: config.sysfs,
      rules: rules(),
      include: config.interfaceInclude,
      exclude: config.interfaceExclude,
      interfacesMax: config.maxInterfaces,
    });

  return () => {
    const collectors: CollectorRun[] = [];
    const posture = config.collectors.sysctl ? collect(collectors, 'sysctl', readSysctls) : undefined;
    sysctlReadErrors += posture?.readErrors ?? 0;
    const hostNetworkNamespace = readHostNetworkNamespace(config.procfs);
    return {
      posture,
      collectors,
      bootApplier: undefined,
      visibility: [],
      accounts: ledger.accounts(monotonic()),
      suppressedMessages: ledger.suppressedMessages,
      inputs: inputs.list(),
      hostNetworkNamespace,
      sysctlReadErrors,
      configFiles: configFiles.map(({ status }) => status),
      stateLoads: memory.loads,
      stateSaves: memory.saves,
      build,
    };
  };
}
