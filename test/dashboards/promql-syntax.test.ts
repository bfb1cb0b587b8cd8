import { describe, expect, it } from 'vitest';
import { selectors } from './promql-syntax.ts';

describe('selectors', () => {
  it('finds names, matchers, ranges and what is applied to them', () => {
    const expr =
      'sum by (a) (rate(x_total{job=~"$job",i!="a,}b"}[$__rate_interval])) > $__range_s or on (a) last_over_time(y[1h] offset $__range)\nunless z';
    expect(selectors(expr)).toEqual([
      { name: 'x_total', matchers: ['job=~"$job"', 'i!="a,}b"'], range: '$__rate_interval', rangeFunction: 'rate' },
      { name: 'y', matchers: [], range: '1h', rangeFunction: 'last_over_time' },
      { name: 'z', matchers: [], range: undefined, rangeFunction: undefined },
    ]);
  });

  it('sees an offset selector with its function', () => {
    expect(selectors('rate(x[$__range] offset 5m)')[0]).toMatchObject({ range: '$__range', rangeFunction: 'rate' });
  });

  it('refuses what is not PromQL, telling where', () => {
    expect(() => selectors('sum(rate(x[5m])')).toThrow(SyntaxError);
    expect(() => selectors('sum by (a (x)')).toThrow(/^Cannot parse "sum by \(a \(x\)" at "/);
  });
});
