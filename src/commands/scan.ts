import { availableParallelism } from 'node:os';
import { canonicalAddress } from '../event/address.ts';
import { eventKinds } from '../event/kinds.ts';
import { originOf } from '../event/origin.ts';
import { Ledger } from '../ledger/ledger.ts';
import { readOwnAddresses } from '../posture/own-addresses/own-addresses.ts';
import { gatherCrew } from '../scan/files/scan-crew.ts';
import { bytesOf, namedTwice, scanLogs } from '../scan/files/scan-logs.ts';
import type { Sighting } from '../scan/lines/line-judge.ts';
import { explain } from '../scan/report/explain.ts';
import { formatJson } from '../scan/report/format-json.ts';
import { formatTable } from '../scan/report/format-table.ts';
import { printable } from '../scan/report/printable.ts';
import { type Progress, progressOn } from '../scan/report/progress.ts';
import { problemOf, type ScanReport, sumOf } from '../scan/report/scan-report.ts';
import { type ScanConfig, scanConfig } from './config/scan-config.ts';
import type { Environment } from './environment.ts';
import type { FlagValues } from './flags/flags.ts';
import type { SCAN_FLAGS } from './flags/scan-flags.ts';

/**
 * Reads logs from start to end and reports what they hold. Gives the exit code: 0 fine, 1 if one could not be read whole or has lines of which
 * none was understood. Throws UsageError for wrong usage.
 */
export async function scan(
  flags: FlagValues<typeof SCAN_FLAGS>,
  files: readonly string[],
  environment: Environment,
): Promise<number> {
  const config = scanConfig(flags, files);
  const { signal, stdout, now, monotonic } = environment;
  const say = (message: string) => environment.stderr(`srcroute-exporter: ${printable(message)}\n`);
  const kinds = eventKinds(config.logPrefixes);
  const ledger = new Ledger(kinds, config.bounds);
  const clock = monotonic();
  const nowMs = now();
  const progress = environment.stderrIsTerminal ? progressOn(bytesOf(files), environment.stderr, monotonic) : SILENT;
  let current = '';
  const crew = gatherCrew({
    logPrefixes: config.logPrefixes,
    bits: config.bounds,
    nowMs,
    signal,
    // Whom the ledger names depends on who comes first.
    onEvent: config.format === 'prometheus' ? counterInto(ledger, config, clock, nowMs / 1000) : undefined,
    onLine: config.isExplained
      ? (line, judgement, number) => stdout(explain(current, number, line, judgement) ?? '')
      : undefined,
    onProgress: (bytes) => progress.add(bytes),
    isHelped: availableParallelism() > 1,
  });

  for (const path of namedTwice(files)) say(`${path} was named before: what it holds is counted twice`);
  const logs = await scanLogs(
    files,
    kinds,
    crew,
    (path) => (current = path),
    (message) => {
      progress.clear();
      say(message);
    },
  );
  const findings = await crew.finish();
  progress.clear();

  const isComplete = !signal.aborted;
  if (!isComplete) say('Interrupted: the report is of what was read until then');
  const report = { isComplete, logs, findings: findings.all(config.top), tally: sumOf(kinds, logs) };
  ledger.suppressedMessages = report.tally.suppressed;
  stdout(await render(report, config, environment, () => ({ ledger, clock, nowSeconds: nowMs / 1000 })));
  return isComplete && logs.every((log) => problemOf(log) === undefined) ? 0 : 1;
}

const SILENT: Progress = { add() {}, clear() {} };

/** Counts as the exporter does: all at one moment, as it reads a log that is there already. */
function counterInto(ledger: Ledger, { procfs, known }: ScanConfig, clock: number, nowSeconds: number) {
  const own = procfs === undefined ? new Set<string>() : readOwnAddresses(procfs, canonicalAddress);
  return ({ event, repeat, time, clock: told }: Sighting) => {
    const loggedAt = told === 'epoch' && time !== undefined ? time : nowSeconds;
    ledger.count(event, originOf(event.source, own, known), repeat, loggedAt, clock);
  };
}

async function render(
  report: ScanReport,
  { format }: ScanConfig,
  { build, stdoutIsTerminal, noColor }: Environment,
  counted: () => { ledger: Ledger; clock: number; nowSeconds: number },
): Promise<string> {
  if (format === 'json') return formatJson(report);
  if (format === 'table') {
    const bold = (text: string) => `\u001b[1m${text}\u001b[0m`;
    return formatTable(report, stdoutIsTerminal && !noColor ? bold : (text) => text);
  }
  // Loaded only when it is wanted.
  const [{ renderSnapshot }, { scanSnapshot }] = await Promise.all([
    import('../exposition/render-snapshot.ts'),
    import('./scan-snapshot.ts'),
  ]);
  const { ledger, clock, nowSeconds } = counted();
  return renderSnapshot(scanSnapshot(ledger, report.logs, clock, nowSeconds, build));
}
