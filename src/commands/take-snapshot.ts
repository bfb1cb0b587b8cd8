import type { Snapshot } from '../exposition/snapshot.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../log/log.ts';
import { readHostNetworkNamespace } from '../posture/namespace.ts';
import { type Posture, readPosture } from '../posture/runtime.ts';
import type { Environment } from './environment.ts';
import type { Memory } from './memory.ts';
import type { Inputs } from './open-inputs.ts';
import type { ServeConfig } from './serve-config.ts';

/** Gives what takes a snapshot of everything: the posture is read anew each time, the rest is as it stands. */
export function snapshotTaker(
  config: ServeConfig,
  { monotonic, build }: Pick<Environment, 'monotonic' | 'build'>,
  ledger: Ledger,
  inputs: Inputs,
  memory: Memory,
  log: Log,
): () => Snapshot {
  let sysctlReadErrors = 0;
  let trouble: string | undefined;

  const collectPosture = (): Pick<Snapshot, 'posture' | 'collectors'> => {
    const rules = config.sysctlRules;
    if (rules === undefined) return { posture: undefined, collectors: [] };
    const start = monotonic();
    const posture = readPosture({
      procfs: config.procfs,
      sysfs: config.sysfs,
      rules,
      include: config.interfaceInclude,
      exclude: config.interfaceExclude,
      interfacesMax: config.maxInterfaces,
    });
    sysctlReadErrors += posture.readErrors;
    report(posture);
    const durationSeconds = monotonic() - start;
    return { posture, collectors: [{ collector: 'sysctl', success: posture.success, durationSeconds }] };
  };

  const report = ({ error }: Posture) => {
    if (error !== undefined && error !== trouble) log.warn('Collector failed', { collector: 'sysctl', error });
    trouble = error;
  };

  return () => ({
    ...collectPosture(),
    accounts: ledger.accounts(monotonic()),
    suppressedMessages: ledger.suppressedMessages,
    inputs: inputs.list(),
    hostNetworkNamespace: readHostNetworkNamespace(config.procfs),
    sysctlReadErrors,
    stateLoads: memory.loads,
    stateSaves: memory.saves,
    build,
  });
}
