import { eventKinds } from '../../src/event/kinds.ts';
import { knownSenders, originOf } from '../../src/event/origin.ts';
import { eventParser } from '../../src/event/parse-event.ts';
import { type LogRecord, newInputStats } from '../../src/input/record.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { countEvents, type Stages } from '../../src/pipeline/count-events.ts';
import { memoryLog, until } from '../input/follow.ts';
import { ScriptedInput } from '../input/scripted-input.ts';

export const NOW = Date.parse('2026-11-22T12:00:00Z');
export const KINDS = eventKinds(['SRC ROUTE ATTEMPT: ']);
export const BOUNDS = { maxSources: 100, expireAfterSeconds: 86_400, ipv4SubnetBits: 24, ipv6SubnetBits: 64 };
/** Seconds of the clock that never goes back; it stands. */
export const CLOCK = 1_000;

export function record(message: string, more: Partial<LogRecord> = {}): LogRecord {
  return { message, fromKernel: true, time: () => 1_000, repeat: 1, raw: `raw ${message}`, ...more };
}

/** Stages on a ledger, with two own addresses and a known prefix. */
export function makeStages(more: Partial<Stages> = {}): Stages {
  const own = new Set(['192.0.2.1', '2001:db8:0:1::1']);
  const known = knownSenders(['198.51.100.0/25=scanner']);
  return {
    parseEvent: eventParser(KINDS),
    originOf: (address) => originOf(address, own, known),
    ledger: new Ledger(KINDS, BOUNDS),
    onEvent: () => {},
    log: memoryLog().log,
    now: () => NOW,
    monotonic: () => CLOCK,
    ...more,
  };
}

/** Counts batches as they come out of an input, to the last. Gives the input's statistics. */
export async function count(stages: Stages, ...batches: (readonly LogRecord[])[]) {
  const stats = newInputStats();
  for (const batch of batches) for (const { repeat } of batch) stats.records += repeat;
  const script = batches.map((records) => ({ records, more: true, waitMs: 0 }));
  const input = new ScriptedInput('/log', stats, [...script, { records: [], more: false, waitMs: 60_000 }]);
  const stop = new AbortController();
  const ended = countEvents(input, stages, stop.signal);
  await Promise.race([ended, until(() => input.isIdle)]);
  stop.abort();
  await ended;
  return stats;
}

/** `event family origin` of each total that is not 0. */
export function totals({ ledger }: Stages): Record<string, number> {
  return Object.fromEntries(
    ledger
      .accounts(CLOCK)
      .flatMap(({ kind, totals }) =>
        totals
          .filter(({ count }) => count > 0)
          .map(({ family, origin, count }) => [`${kind.name} ${family} ${origin}`, count]),
      ),
  );
}
