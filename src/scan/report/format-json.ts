import { REJECTIONS } from '../../input/record.ts';
import { EVENT_WORDS } from '../lines/event-words.ts';
import type { Finding, Ranking, Span } from './findings.ts';
import { formsSeen, problemOf, type ScannedLog, type ScanReport } from './scan-report.ts';

/** Changes when a field goes away or means something else; fields may be added. */
const VERSION = 1;

/** The report as JSON, indented; its fields are described in docs/scan.md. */
export function formatJson({ isComplete, logs, findings, tally }: ScanReport): string {
  const report = {
    version: VERSION,
    complete: isComplete && logs.every((each) => problemOf(each) === undefined),
    logs: logs.map(log),
    records: tally.records,
    skipped_lines: tally.rejected.malformed,
    oversize_lines: tally.rejected.oversize,
    lost_records: tally.lost,
    rejected_records: Object.fromEntries(REJECTIONS.map((reason) => [reason, tally.rejected[reason]])),
    suppressed_messages: tally.suppressed,
    events: findings.map((finding, kind) => ({
      event: finding.kind.name,
      total: finding.total,
      address_role: finding.kind.addressRole,
      ...spans(finding),
      rejected_records: tally.rejectedByKind[kind],
      sources: labels(finding.sources, 'source_ip', finding.total),
      subnets: labels(finding.subnets, 'subnet', finding.total),
      proof: EVENT_WORDS[finding.kind.name]?.proof,
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function log(scanned: ScannedLog) {
  const { name, totals } = scanned;
  const { tally, bytes, unfinishedBytes } = totals;
  return {
    name,
    error: problemOf(scanned) ?? null,
    bytes,
    records: tally.records,
    skipped_lines: tally.rejected.malformed,
    unfinished_bytes: unfinishedBytes,
    forms: formsSeen(tally).map(({ form, records }) => ({
      form: form.name,
      records,
      tells_user_space: form.authorship !== 'none',
      authorship: form.authorship,
      clock: form.clock,
    })),
  };
}

/** Times since the epoch as RFC 3339, those since boot in seconds. */
function spans({ epoch, boot }: Finding) {
  return {
    first_seen: epoch === undefined ? null : iso(epoch.first),
    last_seen: epoch === undefined ? null : iso(epoch.last),
    since_boot_seconds: boot === undefined ? null : ({ first: boot.first, last: boot.last } satisfies Span),
  };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function labels({ distinct, short, top }: Ranking, name: string, total: number) {
  return {
    distinct: distinct ?? null,
    count_too_low_by_at_most: short,
    top: top.map(({ label, count }) => ({ [name]: label, count, share: count / total })),
  };
}
