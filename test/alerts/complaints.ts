import { LABELS, METRIC_NAMES, OF_OTHERS } from './contract.ts';
import { type Matcher, mentioned } from './promql.ts';
import { parseRules, RULES, type Rule } from './rule-file.ts';

const KEYS = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];
const ANNOTATIONS = ['summary', 'description', 'runbook'];
const SEVERITIES = ['critical', 'warning', 'info', 'none'];
/** `level:metric:operations`. */
const RECORDED = /^(?:srcroute|job|instance(?:_[a-z]+)*):[a-z][a-z0-9_]*:[a-z0-9]+$/;

/**
 * What is wrong with a rule file that promtool does not see, a line each that names the rule. Takes its text.
 */
export function complaints(text: string): string[] {
  let rules: readonly Rule[];
  try {
    rules = parseRules(text);
  } catch (error) {
    return [(error as Error).message];
  }
  const recorded = new Set<string>();
  const used = new Set<string>();
  const names = new Set<string>();
  const found: string[] = [];
  for (const [at, rule] of rules.entries()) {
    const name = rule.alert ?? rule.record ?? `rule ${at + 1}`;
    const say = (what: string) => found.push(`${RULES}: ${name}: ${what}`);
    if (names.has(name)) say('is there twice');
    names.add(name);
    for (const key of Object.keys(rule)) if (!KEYS.includes(key)) say(`has a key "${key}" that no rule has`);
    if (typeof rule.expr !== 'string') {
      say('has no expression');
      continue;
    }
    for (const what of inExpression(rule.expr, recorded)) say(what);
    for (const metric of mentioned(rule.expr).metrics) used.add(metric);
    if (rule.alert !== undefined) for (const what of ofAlert(rule, recorded)) say(what);
    else {
      if (!RECORDED.test(name)) say('is no name of the form level:metric:operations');
      recorded.add(name);
    }
    if (!name.endsWith(':threshold')) {
      const numbers = mentioned(rule.expr).numbers.filter((number) => number !== 0 && number !== 1);
      if (numbers.length > 0) say(`compares with ${numbers.join(', ')}: make it a threshold at the top of the file`);
    }
  }
  for (const name of recorded) {
    if (name.endsWith(':threshold') && !used.has(name)) found.push(`${RULES}: ${name}: is compared with nothing`);
  }
  return found;
}

function ofAlert(
  { alert = '', expr = '', labels = {}, annotations = {} }: Rule,
  recorded: ReadonlySet<string>,
): string[] {
  const found: string[] = [];
  if (!/^SourceRouting[A-Z][A-Za-z0-9]+$/.test(alert)) found.push('is not called SourceRouting…, in CamelCase');
  if (!SEVERITIES.includes(labels.severity ?? ''))
    found.push(`has the severity "${labels.severity}": use ${SEVERITIES.join(', ')}`);
  for (const label of Object.keys(labels)) if (label !== 'severity') found.push(`adds the label "${label}"`);
  if (Object.keys(annotations).sort().join() !== [...ANNOTATIONS].sort().join()) {
    found.push(`has the annotations ${Object.keys(annotations).join(', ')}: use ${ANNOTATIONS.join(', ')}`);
  }
  if (annotations.summary?.includes('{{')) found.push('has a template in its summary: that belongs in the description');
  if (annotations.runbook !== `docs/runbooks/${alert}.md`) found.push(`names the runbook "${annotations.runbook}"`);
  if (/srcroute_(?:source|subnet)_events_total/.test(expr) && !/without \((?:source_ip|subnet)\)/.test(expr)) {
    found.push('has addresses for labels: take them away with "max without (source_ip)"');
  }
  for (const query of queriesOf(annotations.description ?? '')) found.push(...inExpression(query, recorded));
  return found;
}

/** The expressions in a description, with something in the places that printf fills. */
function queriesOf(description: string): string[] {
  return [...description.matchAll(/`([^`]*)`/g)].map(([, query = '']) =>
    query.replaceAll('%q', '""').replaceAll('%[1]s', 'up'),
  );
}

function inExpression(expression: string, recorded: ReadonlySet<string>): string[] {
  const { metrics, labels, selectors } = mentioned(expression);
  const matchers = selectors.flatMap((selector) => selector.matchers);
  const isKnown = (name: string) => METRIC_NAMES.has(name) || OF_OTHERS.has(name) || recorded.has(name);
  return [
    ...metrics.filter((name) => !isKnown(name)).map((name) => `"${name}" is neither exposed nor recorded before it`),
    ...labels.filter((label) => !Object.hasOwn(LABELS, label)).map((label) => `no metric has the label "${label}"`),
    ...matchers.filter(isImpossible).map(({ label, operator, value }) => `no metric has ${label}${operator}"${value}"`),
  ];
}

function isImpossible({ label, operator, value }: Matcher): boolean {
  const values = LABELS[label];
  if (values === undefined || value === '') return false;
  if (!operator.endsWith('~')) return !values.includes(value);
  return !values.some((each) => new RegExp(`^(?:${value})$`).test(each));
}
