import type { CollectorRun, Snapshot } from '../../exposition/snapshot.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Log } from '../../log/log.ts';
import { BootConfiguration } from '../../posture/boot/boot-configuration.ts';
import { readHostNetworkNamespace } from '../../posture/namespace.ts';
import { type Observability, readObservability } from '../../posture/observability/observability.ts';
import { readControl } from '../../posture/observability/read-control.ts';
import type { SysctlRule } from '../../posture/policy/policy.ts';
import { type Posture, readPosture } from '../../posture/runtime/runtime.ts';
import type { ServeConfig } from '../config/serve-config.ts';
import type { Environment } from '../environment.ts';
import { cachedReading } from './cached-reading.ts';
import type { Memory } from './memory.ts';
import type { Inputs } from './open-inputs.ts';
import type { Reloadable } from './reloadable.ts';

/** What is read anew at each scrape says how that went. */
interface Collected {
  readonly success: boolean;
  readonly error?: string;
}

/** Gives what takes a snapshot of everything: the posture is read anew each time, the rest is as it stands. */
export function snapshotTaker(
  config: ServeConfig,
  { monotonic, build, signal }: Pick<Environment, 'monotonic' | 'build' | 'signal'>,
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

  const boot = new BootConfiguration(config.rootfs, monotonic);
  signal.addEventListener('abort', () => boot.close());
  const readSysctls = (): Posture & Pick<Snapshot, 'bootApplier'> => {
    const { applier, predict, ...configuration } = boot.read();
    const posture = readPosture({
      procfs: config.procfs,
      sysfs: config.sysfs,
      rules: rules(),
      include: config.interfaceInclude,
      exclude: config.interfaceExclude,
      interfacesMax: config.maxInterfaces,
      predict,
    });
    return { ...posture, ...both(posture, configuration), bootApplier: applier };
  };

  // The kernel makes the text of this file anew for each reading: some milliseconds where there is much of it.
  const control = cachedReading(
    () => readControl(config.procfs, config.sysfs),
    () => monotonic() * 1000,
  );
  const readVisibility = (logReadable: boolean, hostNetworkNamespace: 0 | 1 | undefined): Observability =>
    readObservability({
      procfs: config.procfs,
      sysfs: config.sysfs,
      logReadable,
      hostNetworkNamespace,
      control: control(),
    });

  return () => {
    const collectors: CollectorRun[] = [];
    const listed = inputs.list();
    const hostNetworkNamespace = readHostNetworkNamespace(config.procfs);
    const logReadable = listed.every(({ stats }) => stats.up);
    const posture = config.collectors.sysctl ? collect(collectors, 'sysctl', readSysctls) : undefined;
    const visibility = config.collectors.observability
      ? collect(collectors, 'observability', () => readVisibility(logReadable, hostNetworkNamespace))
      : undefined;
    sysctlReadErrors += posture?.readErrors ?? 0;
    return {
      posture,
      bootApplier: posture?.bootApplier,
      visibility: visibility?.events ?? [],
      collectors,
      accounts: ledger.accounts(monotonic()),
      suppressedMessages: ledger.suppressedMessages,
      inputs: listed,
      hostNetworkNamespace,
      sysctlReadErrors,
      configFiles: configFiles.map(({ status }) => status),
      stateLoads: memory.loads,
      stateSaves: memory.saves,
      build,
    };
  };
}

/** Two that make one collector: it failed when either did. */
function both(...parts: readonly Collected[]): Collected {
  const errors = parts.flatMap(({ error }) => error ?? []);
  const success = parts.every((part) => part.success);
  return errors.length === 0 ? { success } : { success, error: errors.join('; ') };
}
