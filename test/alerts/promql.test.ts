import { describe, expect, it } from 'vitest';
import { mentioned, selects } from './promql.ts';

describe('what an expression speaks of', () => {
  it.each([
    ['up{job="a b {c}"} == 0', ['up'], ['job'], [0]],
    ['sum without (x, y) (rate(a_total[5m])) > 0.25', ['a_total'], ['x', 'y'], [0.25]],
    [
      'max_over_time(l:m:o[7d:1h]) and on (job) b unless ignoring(z) c offset 10m',
      ['l:m:o', 'b', 'c'],
      ['job', 'z'],
      [],
    ],
    ['count by (q) (a{v=~"1|2",w!="3"} * 2e3) / scalar(l:m:o)', ['a', 'l:m:o'], ['q', 'v', 'w'], [2000]],
    ['a * on (i) group_left (k) b', ['a', 'b'], ['i', 'k'], []],
    ['topk(3, a)', ['a'], [], [3]],
  ])('%s', (expression, metrics, labels, numbers) => {
    const found = mentioned(expression);
    expect(found.metrics).toEqual(metrics);
    expect(found.labels).toEqual(labels);
    expect(found.numbers).toEqual(numbers);
  });

  it('has selectors with their conditions', () => {
    expect(mentioned('a{x=~"1|2",y!="3"} + b').selectors).toEqual([
      {
        metric: 'a',
        matchers: [
          { label: 'x', operator: '=~', value: '1|2' },
          { label: 'y', operator: '!=', value: '3' },
        ],
      },
      { metric: 'b', matchers: [] },
    ]);
  });
});

describe('a selector', () => {
  it.each([
    ['a', true],
    ['b', false],
    ['a{x="1"}', true],
    ['a{x!="1"}', false],
    ['a{x=~"1|2"}', true],
    ['a{x=~"11"}', false],
    ['a{x!~"2|3",y=""}', true],
    ['a{y!=""}', false],
  ])('%s takes a{x="1"}: %s', (expression, taken) => {
    const [selector] = mentioned(expression).selectors;
    expect(selector && selects(selector, { name: 'a', labels: { x: '1' } })).toBe(taken);
  });
});
