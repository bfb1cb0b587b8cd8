import { statSync } from 'node:fs';
import type { EventKind } from '../../event/event.ts';
import type { ScannedLog } from '../report/scan-report.ts';
import { LogTotals } from './log-totals.ts';
import { oldestFirst } from './oldest-first.ts';
import type { ScanCrew } from './scan-crew.ts';
import { LogError, nameOf, STANDARD_INPUT, scanLog } from './scan-log.ts';

/**
 * Scans logs one after the other, rotated ones oldest first, until the signal. What cannot be read whole, or is not understood, is told, and
 * the rest is scanned all the same.
 */
export async function scanLogs(
  paths: readonly string[],
  kinds: readonly EventKind[],
  crew: ScanCrew,
  onBegin: (path: string) => void,
  onError: (message: string) => void,
): Promise<ScannedLog[]> {
  const scanned: ScannedLog[] = [];
  for (const path of oldestFirst(paths)) {
    if (crew.signal.aborted) break;
    onBegin(path);
    const totals = new LogTotals(kinds);
    let error: string | undefined;
    try {
      await scanLog(path, crew, totals);
    } catch (cause) {
      if (!(cause instanceof LogError)) throw cause;
      error = cause.message;
      onError(error);
    }
    const notUnderstood = crew.signal.aborted ? undefined : describeMisreading(path, totals);
    if (notUnderstood !== undefined) onError(notUnderstood);
    scanned.push({ name: path, totals, error, notUnderstood });
  }
  return scanned;
}

/** Why the zeros of a log mean nothing, and what to do; undefined if they do. An empty log has no line to be understood. */
function describeMisreading(path: string, { bytes, tally }: LogTotals): string | undefined {
  const isKnown = tally.byForm.some((records) => records > 0);
  if (bytes === 0 || (isKnown && (tally.misread === 0 || tally.events > 0))) return undefined;
  const reason = isKnown
    ? 'its lines that look like events are in an unknown format'
    : tally.records > 0
      ? 'no line is in a known format'
      : 'it has no line end';
  return `Cannot understand ${nameOf(path)}: ${reason}; scan the output of \`journalctl -k -o json\`, or of \`dmesg\` without -t`;
}

/** Names that name the same file as one before them: it would be counted twice. */
export function namedTwice(paths: readonly string[]): string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const identity = identityOf(path);
    const isKnown = seen.has(identity);
    seen.add(identity);
    return isKnown;
  });
}

/** How many bytes logs have in all; undefined if one is no file. */
export function bytesOf(paths: readonly string[]): number | undefined {
  let sum = 0;
  for (const path of paths) {
    const stats = path === STANDARD_INPUT ? undefined : statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return undefined;
    sum += stats.size;
  }
  return sum;
}

function identityOf(path: string): string {
  try {
    const stats = path === STANDARD_INPUT ? undefined : statSync(path);
    return stats?.isFile() ? `${stats.dev}:${stats.ino}` : path;
  } catch {
    return path;
  }
}
