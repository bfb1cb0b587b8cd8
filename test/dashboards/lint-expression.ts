import { type Selector, selectors } from './promql-syntax.ts';

const SCOPE = ['job=~"$job"', 'instance=~"$instance"'];

/** Alerts of a whole fleet carry no instance, that of an absent job little more: the empty alternative keeps them in. */
const ALERT_SCOPE = ['job=~"$job|"', 'instance=~"$instance|"'];

/** Selectors without the chosen hosts, each with its reason. */
const UNSCOPED = new Map([
  [
    'ALERTS{alertname="SourceRoutingWatchdog",alertstate="firing"}',
    'it fires once for all: whether the rules are loaded',
  ],
]);

/** Functions that may look at a counter as it stands, by metric, each with its reason. */
const RAW_COUNTERS = new Map([
  ['srcroute_source_events_total last_over_time', 'increase() shows nothing of a series that is born with a value'],
  ['srcroute_source_events_total max_over_time', 'the same'],
  ['srcroute_subnet_events_total last_over_time', 'the same'],
  ['srcroute_subnet_events_total max_over_time', 'the same'],
  ['srcroute_state_loads_total undefined', 'it counts once, before the first scrape: increase() is always 0'],
]);

/** Born with a value: a bare increase() or rate() of them shows 12 of 13 new sources as 0. */
const BORN_LATE = /^srcroute_(?:source|subnet)_events_total$/;

/** What is wrong with an expression of a panel, a few words each. */
export function lintExpression(expr: string): string[] {
  try {
    return selectors(expr).flatMap((selector) => lintSelector(selector, expr));
  } catch (error) {
    return [`must have PromQL: ${(error as Error).message}`];
  }
}

function lintSelector(selector: Selector, expr: string): string[] {
  const { name, matchers, range, rangeFunction } = selector;
  const scope = name === 'ALERTS' ? ALERT_SCOPE : SCOPE;
  const isScoped = scope.every((matcher) => matchers.includes(matcher)) || UNSCOPED.has(`${name}{${matchers.join()}}`);
  const isRate = rangeFunction === 'rate' || rangeFunction === 'irate';
  const isCounted = isRate || rangeFunction === 'increase' || RAW_COUNTERS.has(`${name} ${rangeFunction}`);
  return [
    ...(isScoped ? [] : [`must choose ${scope.join(', ')} in ${name}`]),
    ...(isRate && range !== '$__rate_interval'
      ? [`must take ${rangeFunction}() of ${name} over $__rate_interval`]
      : []),
    ...(name.endsWith('_total') && !isCounted
      ? [`must have ${name} directly inside rate(), irate() or increase()`]
      : []),
    ...(BORN_LATE.test(name) && !isSafe(selector, expr) ? [`must not have a bare ${rangeFunction}() of ${name}`] : []),
  ];
}

/** A series by address is safe in rate() if it is there from the first scrape, and in increase() if what is new is added. */
function isSafe({ name, matchers, rangeFunction }: Selector, expr: string): boolean {
  if (rangeFunction !== 'increase' && rangeFunction !== 'rate') return true;
  if (matchers.some((matcher) => /^(?:source_ip|subnet)="other"$/.test(matcher))) return true;
  const others = selectors(expr).filter((other) => other.name === name && other.matchers.join() === matchers.join());
  return others.some((other) => other.rangeFunction === 'max_over_time');
}
