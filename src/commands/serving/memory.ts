import { Checkpoints } from '../../checkpoint/checkpoints.ts';
import { keepUnknown } from '../../checkpoint/keep-unknown.ts';
import type { State } from '../../checkpoint/state.ts';
import { type Loaded, loadState } from '../../checkpoint/state-file.ts';
import { lockState } from '../../checkpoint/state-lock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Log } from '../../log/log.ts';
import type { ServeConfig } from '../config/serve-config.ts';
import type { Environment } from '../environment.ts';
import { UsageError } from '../flags/flags.ts';
import { type CatchUp, catchUp } from './catch-up.ts';
import { type Inputs, inputStates } from './open-inputs.ts';

/** A checkpoint is waited for so long at a stop, and at a scrape, in milliseconds: a disk that hangs must hold neither. */
const LAST_SAVE_MS = 1_500;
const SETTLE_MS = 1_000;

/** What the exporter knows from its former process, and leaves to its next. */
export interface Memory {
  /** Counts by outcome. */
  readonly loads: Readonly<Record<string, number>>;
  readonly saves: Readonly<Record<string, number>>;
  /** By the input's name. */
  readonly inputs: State['inputs'];
  restore(ledger: Ledger): void;
  /** From now on, saves the ledger and the inputs. */
  remember(ledger: Ledger, inputs: Inputs, signal: AbortSignal): CatchUp;
  /** Before numbers are shown that the next process would not come to again after a crash: how a log was reopened depends on when it was looked at. */
  settle(): Promise<void>;
  /** Saves for the last time. */
  close(): Promise<void>;
}

/** Opens the state file of the configuration, if there is to be one. Throws UsageError when it may not be used, or is in use. */
export async function openMemory(config: ServeConfig, { now, monotonic, pid }: Environment, log: Log): Promise<Memory> {
  const { stateFile: file, stateIntervalMs } = config;
  const loads = { loaded: 0, absent: 0, damaged: 0, unsupported: 0 };
  let saves = { success: 0, failure: 0 };
  if (file === undefined) {
    return {
      loads,
      saves,
      inputs: {},
      restore() {},
      remember: () => ({ done: true }),
      settle: async () => {},
      close: async () => {},
    };
  }
  const { lock, loaded } = await open(file, pid, now());
  loads[loaded.outcome] += 1;
  if (loaded.outcome === 'damaged' || loaded.outcome === 'unsupported') {
    const { outcome, setAside } = loaded;
    log.warn('Saved state cannot be used: set aside, starting without it', { file, outcome, setAside });
  }
  const former = loaded.outcome === 'loaded' ? loaded.state : undefined;
  let checkpoints: Checkpoints | undefined;
  let fleeting = () => 0;
  return {
    loads,
    get saves() {
      return saves;
    },
    inputs: former?.inputs ?? {},
    restore: (ledger) => former && ledger.restore(former.ledger, monotonic(), now() / 1000),
    remember(ledger, inputs, signal) {
      const take = () =>
        keepUnknown(former, { ledger: ledger.state(monotonic(), now() / 1000), inputs: inputStates(inputs.open) });
      const changes = () => inputs.open.reduce((sum, { stats }) => sum + stats.records + stats.lost + stats.reopens, 0);
      const regular = new Checkpoints(file, take, changes, log);
      checkpoints = regular;
      fleeting = () => inputs.open.reduce((sum, { stats }) => sum + stats.reopens + stats.rejected.malformed, 0);
      saves = regular.saves;
      const timer = setInterval(() => regular.save(), stateIntervalMs);
      signal.addEventListener('abort', () => clearInterval(timer));
      return catchUp(inputs, () => regular.save(), log, signal);
    },
    async settle() {
      await atMost(SETTLE_MS, checkpoints?.settle(fleeting));
    },
    async close() {
      await atMost(LAST_SAVE_MS, checkpoints?.save());
      lock.close();
    },
  };
}

/** Waits, but not for ever. */
async function atMost(milliseconds: number, work: Promise<void> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}

async function open(file: string, pid: number, nowMs: number): Promise<{ lock: { close(): void }; loaded: Loaded }> {
  try {
    const lock = await lockState(file, pid);
    return { lock, loaded: loadState(file, nowMs) };
  } catch (error) {
    throw new UsageError(`--state.file: ${(error as Error).message}`, { cause: error });
  }
}
