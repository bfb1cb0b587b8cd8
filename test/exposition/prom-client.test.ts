import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { registerProcessMetrics, showTrueLag } from '../../src/exposition/prom-client.ts';

/** What a registry is given in the place of one of prom-client's own metrics. */
interface Rendered {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly {
    readonly labels: object;
    readonly sharedLabels?: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

function metric(name: string, get: () => Rendered['values']): Metric {
  const head = { name, help: 'Help.', type: 'gauge' };
  return { ...head, aggregator: 'sum', get: () => ({ ...head, values: get() }) } as unknown as Metric;
}

const LAGS = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map(
  (part) => `nodejs_eventloop_lag_${part}_seconds`,
);

describe('the insides of prom-client that we rely on', () => {
  it('a registry asks whatever has a get, at each scrape', async () => {
    const registry = new Registry();
    let value = 0;
    registry.registerMetric(metric('x', () => [{ labels: {}, value: ++value }]));
    expect(await registry.metrics()).toBe('# HELP x Help.\n# TYPE x gauge\nx 1\n');
    expect(await registry.metrics()).toContain('\nx 2\n');
  });

  it('it asks all metrics before it first waits', () => {
    const registry = new Registry();
    const asked: string[] = [];
    for (const name of ['x', 'y', 'z']) {
      registry.registerMetric(
        metric(name, () => {
          asked.push(name);
          return [];
        }),
      );
    }
    void registry.metrics();
    expect(asked).toEqual(['x', 'y', 'z']);
  });

  it('shared labels are rendered, escaped, and their text kept as long as their object', async () => {
    const registry = new Registry();
    let reads = 0;
    const sharedLabels = {
      get label() {
        reads += 1;
        return 'a"b\\c\nd';
      },
    };
    registry.registerMetric(metric('x', () => [{ labels: {}, sharedLabels, value: 1 }]));
    const first = await registry.metrics();
    expect(first).toContain('\nx{label="a\\"b\\\\c\\nd"} 1\n');
    const atFirst = reads;
    expect(await registry.metrics()).toBe(first);
    expect(reads).toBe(atFirst);
  });

  it('its metrics of the event loop have these names, and are asked by get', async () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    for (const name of LAGS) {
      const lag = registry.getSingleMetric(name) as unknown as { get(): Promise<Rendered> };
      const shown = await lag.get();
      lag.get = async () => ({ ...shown, values: [{ labels: {}, value: 7 }] });
      expect(await registry.metrics()).toContain(`\n${name} 7\n`);
    }
  });

  it('it names three gauges like counters, which we leave out', async () => {
    const theirs = new Registry();
    collectDefaultMetrics({ register: theirs });
    const ours = new Registry();
    registerProcessMetrics(ours);
    const namesOf = (registry: Registry) => registry.getMetricsAsArray().map(({ name }) => name);
    expect(namesOf(theirs).filter((name) => !namesOf(ours).includes(name))).toEqual([
      'nodejs_active_resources_total',
      'nodejs_active_handles_total',
      'nodejs_active_requests_total',
    ]);
    const rendered = await ours.getMetricsAsJSON();
    expect(rendered.filter(({ name, type }) => name.endsWith('_total') && `${type}` !== 'counter')).toEqual([]);
  });
});

describe('the lag of the event loop', () => {
  it.each([
    ['is without the interval of its sampling', 'mean', 1.25, 0.25],
    ['is never below 0, whatever the grain of the clock', 'min', 0.999, 0],
    ['is absent where nothing was sampled: 0', 'max', 0, undefined],
    ['is absent where nothing was sampled: 292 years', 'min', 9.2e9, undefined],
    ['is absent where nothing was sampled: NaN', 'mean', Number.NaN, undefined],
    ['has a deviation that is as it is', 'stddev', 0.001, 0.001],
  ])('%s', async (_, part, sampled, shown) => {
    const registry = new Registry();
    const name = `nodejs_eventloop_lag_${part}_seconds`;
    registry.registerMetric(metric(name, () => [{ labels: {}, value: sampled }]));
    showTrueLag(registry, 1);
    const [, value] = new RegExp(`^${name} (.*)$`, 'm').exec(await registry.metrics()) ?? [];
    expect(value === undefined ? undefined : Number(value)).toBe(shown);
  });

  it('is there once something was sampled', async () => {
    const registry = new Registry();
    registerProcessMetrics(registry);
    // A scrape begins a new sample, and one takes a second.
    await expect.poll(() => registry.metrics(), { interval: 2_500 }).toMatch(/^nodejs_eventloop_lag_mean_seconds \d/m);
  });
});
