import { eventKinds } from '../../src/event/kinds.ts';
import { METRICS } from '../../src/exposition/metrics.ts';

/** Names of what the exporter exposes. */
export const METRIC_NAMES: ReadonlySet<string> = new Set(METRICS.map(({ name }) => name));

/** What Prometheus itself adds, and what prom-client does. */
export const OF_OTHERS: ReadonlySet<string> = new Set(['up', 'process_start_time_seconds']);

/** Labels that an expression may name, with their values where these are a closed set. */
export const LABELS: Readonly<Record<string, readonly string[] | undefined>> = {
  job: ['srcroute'],
  instance: undefined,
  event: eventKinds(['']).map(({ name }) => name),
  family: ['ipv4', 'ipv6'],
  origin: ['local', 'known', 'unknown', 'external'],
  source_ip: undefined,
  subnet: undefined,
  input: undefined,
  reason: undefined,
  interface: undefined,
  sysctl: undefined,
  scope: ['runtime', 'effective', 'persisted'],
  verdict: ['compliant', 'violating', 'unreadable'],
  collector: ['sysctl', 'observability'],
  outcome: ['success', 'failure'],
  file: undefined,
  version: undefined,
};
