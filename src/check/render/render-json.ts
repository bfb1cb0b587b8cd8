import type { SysctlRow } from '../../posture/runtime/runtime.ts';
import { type CheckRow, drifts, fallsShort } from '../check-row.ts';
import type { Report } from '../report.ts';

/** Goes up when a field goes or changes its meaning; new fields may come at any time. */
const SCHEMA_VERSION = 1;

/** The report as JSON, by docs/check.md. Takes how many interfaces have rows of their own, the worst first. Pure; throws nothing. */
export function renderJson(report: Report, maxInterfaces: number): string {
  const rows = report.sysctls.flatMap((sysctl) => sysctl.rows);
  const chosen = choose(rows, maxInterfaces);
  const shown = rows.filter((row) => chosen.has(row.interface));
  return `${JSON.stringify(
    {
      schema_version: SCHEMA_VERSION,
      verdict: report.verdict,
      summary: report.summary,
      host_network_namespace: report.hostNetworkNamespace === undefined ? null : report.hostNetworkNamespace === 1,
      boot_applier: report.bootApplier,
      interfaces: report.interfaces,
      findings: report.findings,
      events: report.events.map(({ event, observable, reasons, why }) => ({
        event,
        observable: observable === undefined ? null : observable === 1,
        reasons,
        why,
      })),
      logs: report.logs.map(({ input, error }) => ({ input, readable: error === undefined, error: error ?? null })),
      policy: report.sysctls.flatMap(({ rules }) =>
        rules.map(({ family, sysctl, expect, references }) => ({ family, sysctl, expect: expect ?? null, references })),
      ),
      counts: report.counts,
      rows: shown.map(jsonRow),
      rows_left_out: rows.length - shown.length,
      texts: report.sysctls.flatMap(({ infos }) => infos),
    },
    null,
    2,
  )}\n`;
}

function choose(rows: readonly CheckRow[], max: number): Set<string> {
  const isCommon = (row: CheckRow) => ['', 'all', 'default'].includes(row.interface);
  const common = rows.filter(isCommon).map((row) => row.interface);
  const bad = rows.filter((row) => !isCommon(row) && fallsShort(row)).map((row) => row.interface);
  const others = rows.filter((row) => !isCommon(row)).map((row) => row.interface);
  return new Set(['', ...[...new Set([...common, ...bad, ...others])].filter((name) => name !== '').slice(0, max)]);
}

function jsonRow(row: CheckRow) {
  const { family, sysctl, interface: name, runtime, effective, persisted } = row;
  return {
    family,
    sysctl,
    interface: name,
    runtime: judged(runtime),
    effective: judged(effective),
    persisted: persisted
      ? {
          ...judged(persisted),
          origin: persisted.origin,
          file: persisted.file || null,
          line: persisted.line ?? null,
        }
      : null,
    drift: drifts(row),
  };
}

function judged(row: SysctlRow | undefined) {
  return row ? { value: row.value, compliant: row.compliant ?? null } : null;
}
