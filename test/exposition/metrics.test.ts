import { describe, expect, it } from 'vitest';
import { eventKinds } from '../../src/event/kinds.ts';
import { METRICS } from '../../src/exposition/metrics.ts';
import { createScrape } from '../../src/exposition/scrape.ts';
import type { Snapshot } from '../../src/exposition/snapshot.ts';
import { newInputStats } from '../../src/input/record.ts';
import { Ledger } from '../../src/ledger/ledger.ts';

const KINDS = eventKinds(['SRC ROUTE ATTEMPT: ']);
const BOUNDS = { maxSources: 3, expireAfterSeconds: 60, ipv4SubnetBits: 24, ipv6SubnetBits: 64 };

function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    accounts: new Ledger(KINDS, BOUNDS).accounts(0),
    suppressedMessages: 0,
    inputs: [{ name: '/dev/kmsg', stats: newInputStats() }],
    posture: undefined,
    bootApplier: undefined,
    visibility: [],
    configFiles: [],
    hostNetworkNamespace: undefined,
    sysctlReadErrors: 0,
    collectors: [],
    stateLoads: {},
    stateSaves: {},
    build: { version: '1', revision: 'r', node: 'n' },
    ...changes,
  };
}

describe('the table of metrics', () => {
  it.each(METRICS.map((metric) => [metric.name, metric] as const))(
    '%s has a name of its type and says what it means',
    (name, { type, help }) => {
      expect(name).toMatch(/^srcroute_[a-z_]+[a-z]$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(help).toMatch(/^[A-Z].*\.$/);
      expect(METRICS.filter((other) => other.name === name)).toHaveLength(1);
    },
  );

  it('gives every metric HELP and TYPE although it has no value yet', async () => {
    const { body } = await createScrape(() => snapshot({ accounts: [], inputs: [] }))();
    for (const { name, type } of METRICS) expect(body).toContain(`# TYPE ${name} ${type}\n`);
  });

  it('has every combination of events at 0, and what it does not know not at all', async () => {
    const { body } = await createScrape(() => snapshot())();
    const series = body.split('\n').filter((line) => line.startsWith('srcroute_events_total{'));
    expect(series).toHaveLength(4 + 3 + 3 + 6);
    expect(series.every((line) => line.endsWith(' 0'))).toBe(true);
    for (const name of [
      'event_last_seen_timestamp_seconds',
      'log_last_poll_timestamp_seconds',
      'host_network_namespace',
      'event_observable',
      'event_blind_spot',
      'sysctl_value',
      'config_last_reload_successful',
      'log_unread_bytes',
    ]) {
      expect(body).not.toMatch(new RegExp(`^srcroute_${name}[ {]`, 'm'));
    }
  });

  it('escapes what stands in labels', async () => {
    const inputs = [{ name: 'a"b\\c\nd', stats: newInputStats() }];
    const { body } = await createScrape(() => snapshot({ inputs }))();
    expect(body).toContain('srcroute_log_up{input="a\\"b\\\\c\\nd"} 0\n');
  });

  it('shows the present of each scrape, and of places that changed hands no old label', async () => {
    const ledger = new Ledger(KINDS, BOUNDS);
    let clock = 0;
    const scrape = createScrape(() => snapshot({ accounts: ledger.accounts(clock) }));
    const event = 'source_route_failed';
    const named = async () =>
      (await scrape()).body
        .split('\n')
        .filter((line) => line.startsWith('srcroute_source_events_total{event="source_route_failed"'));
    ledger.count({ event, family: 'ipv4', source: '192.0.2.1' }, 'external', 2, 0, clock);
    expect(await named()).toEqual([
      `srcroute_source_events_total{event="${event}",source_ip="other"} 0`,
      `srcroute_source_events_total{event="${event}",source_ip="192.0.2.1"} 2`,
    ]);
    clock = 61;
    ledger.count({ event, family: 'ipv4', source: '192.0.2.2' }, 'external', 1, 0, clock);
    expect(await named()).toEqual([
      `srcroute_source_events_total{event="${event}",source_ip="other"} 0`,
      `srcroute_source_events_total{event="${event}",source_ip="192.0.2.2"} 1`,
    ]);
  });

  it('is of one moment: what is counted while it is rendered is in none of its metrics', async () => {
    const ledger = new Ledger(KINDS, BOUNDS);
    const scraped = createScrape(() => snapshot({ accounts: ledger.accounts(0) }))();
    ledger.count({ event: 'source_route_option', family: 'ipv4', source: '192.0.2.1' }, 'external', 1, 0, 0);
    expect((await scraped).body).not.toContain('192.0.2.1');
  });
});
