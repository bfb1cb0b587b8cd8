/** How an alert behaves: its severity, how long its condition must last, and how long it goes on after. */
type Behaviour = readonly [severity: 'critical' | 'warning' | 'info' | 'none', lasts: string, keeps: string];

/** The alerts that are promised, each with the prefix SourceRouting. */
export const CATALOGUE: Readonly<Record<string, Behaviour>> = {
  Accepted: ['critical', '5m', ''],
  AcceptedUnderProbe: ['critical', '', '15m'],
  Attempts: ['info', '', '30m'],
  SourceRouteFailed: ['info', '', '30m'],
  PersistentSource: ['warning', '10m', '1h'],
  Scan: ['warning', '5m', '1h'],
  FleetWide: ['warning', '10m', ''],
  Icmpv6NoReplyStorm: ['warning', '15m', ''],
  NotCompliant: ['info', '30m', ''],
  NotPersisted: ['info', '1h', ''],
  FleetNotCompliant: ['warning', '6h', ''],
  ExporterDown: ['warning', '5m', ''],
  FleetBlind: ['critical', '10m', ''],
  ExporterAbsent: ['critical', '15m', ''],
  LogReaderDown: ['warning', '5m', ''],
  LogRecordsLost: ['warning', '', '30m'],
  KernelRateLimited: ['warning', '15m', ''],
  SourcesOverflow: ['warning', '15m', ''],
  WentBlind: ['warning', '15m', ''],
  SysctlUnreadable: ['warning', '10m', ''],
  ForeignNamespace: ['warning', '15m', ''],
  StateNotSaved: ['warning', '15m', ''],
  ReloadFailed: ['warning', '15m', ''],
  Watchdog: ['none', '', ''],
};
