import type { Environment } from '../../src/commands/environment.ts';
import { parseFlags } from '../../src/commands/flags/flags.ts';
import { SCAN_FLAGS } from '../../src/commands/flags/scan-flags.ts';
import { scan } from '../../src/commands/scan.ts';
import { makeEnvironment } from '../commands/environment.ts';

/** After all captures. */
export const NOW = Date.parse('2026-11-24T12:00:00Z');

/** What a scan in this process gave. */
export interface ScanRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One event in the JSON of a report. */
export interface EventJson {
  readonly event: string;
  readonly total: number;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly since_boot_seconds: { readonly first: number; readonly last: number } | null;
  readonly rejected_records: { readonly userspace: number; readonly unrecognised: number };
  readonly sources: Labels;
  readonly subnets: Labels;
}

interface Labels {
  readonly distinct: number | null;
  readonly count_too_low_by_at_most: number;
  readonly top: readonly Readonly<Record<string, string | number>>[];
}

/** Runs `scan` in this process. */
export async function runScan(argv: readonly string[], more: Partial<Environment> = {}): Promise<ScanRun> {
  const { environment, stdout, stderr } = makeEnvironment([], {
    signal: new AbortController().signal,
    now: () => NOW,
    ...more,
  });
  const { values, operands } = parseFlags(argv, SCAN_FLAGS);
  const code = await scan(values, operands, environment);
  return { code, stdout: stdout(), stderr: stderr() };
}

/** The report as JSON. */
export async function scanJson(...argv: string[]) {
  const { stdout } = await runScan(['--format=json', '--top=1000', ...argv]);
  return JSON.parse(stdout);
}

/** Events alone, without times. */
export async function eventsOf(...argv: string[]) {
  const { events } = (await scanJson(...argv)) as { events: EventJson[] };
  return events.map(({ event, total, sources, subnets }) => ({ event, total, sources, subnets }));
}
