import type { EventVisibility } from '../posture/observability/blind-spot.ts';
import type { SysctlRule } from '../posture/policy/policy.ts';
import type { InterfaceCount, SysctlInfo } from '../posture/runtime/runtime.ts';
import { type CheckRow, checkRows } from './check-row.ts';
import { blindSpotFindings } from './findings/blind-spot-findings.ts';
import { driftFindings } from './findings/drift-findings.ts';
import type { Finding } from './findings/finding.ts';
import { firewallFinding } from './findings/firewall.ts';
import { sysctlFinding } from './findings/sysctl-finding.ts';
import { unknownFindings } from './findings/unknown-findings.ts';
import { unreadFindings } from './findings/unread-findings.ts';
import { whyBlind } from './findings/why-blind.ts';
import type { BootFiles, Readings } from './readings.ts';
import { judgeHost, type Verdict } from './verdict.ts';

/** Whether an event would be seen, and why. */
export interface EventReport extends EventVisibility {
  readonly why: string;
}

/** One sysctl of the policy: what is wanted of it and what is. */
export interface SysctlReport {
  readonly sysctl: string;
  readonly rules: readonly SysctlRule[];
  readonly rows: readonly CheckRow[];
  readonly infos: readonly SysctlInfo[];
}

/** What check has to say, before it is given a form. */
export interface Report extends Verdict {
  readonly hostNetworkNamespace: 0 | 1 | undefined;
  readonly bootApplier: BootFiles['applier'];
  readonly interfaces: number;
  readonly counts: readonly InterfaceCount[];
  readonly sysctls: readonly SysctlReport[];
  readonly events: readonly EventReport[];
  readonly logs: Readings['logs'];
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** Makes the report from what was read. Pure; throws nothing. */
export function makeReport(readings: Readings): Report {
  const { rules, posture, boot, observability, hostNetworkNamespace, logs } = readings;
  const rows = checkRows(posture);
  const sysctls = [...new Set(rules.map(({ sysctl }) => sysctl))].map((sysctl) => ({
    sysctl,
    rules: rules.filter((rule) => rule.sysctl === sysctl),
    rows: rows.filter((row) => row.sysctl === sysctl),
    infos: posture.infos.filter((info) => info.sysctl === sysctl),
  }));
  const findings = [
    ...unknownFindings(readings, rows),
    ...sysctls.flatMap((each) => sysctlFinding(each.rules, each.rows, readings)),
    ...unreadFindings(readings),
    ...blindSpotFindings(readings),
    firewallFinding(readings),
    ...driftFindings(rows),
  ];
  return {
    ...judgeHost(findings, rows, readings),
    hostNetworkNamespace,
    bootApplier: boot.applier,
    interfaces: posture.interfaces,
    counts: posture.counts,
    sysctls,
    events: observability.events.map((event) => ({ ...event, why: whyBlind(event, observability.details) })),
    logs,
    findings,
  };
}
