import { parse } from 'yaml';
import type { Rule } from './rule-file.ts';

/** What of a file for `promtool test rules` is looked at here. */
interface TestFile {
  readonly rule_files?: readonly string[];
  readonly tests?: readonly {
    readonly name?: string;
    readonly alert_rule_test?: readonly { readonly alertname?: string; readonly exp_alerts?: readonly unknown[] }[];
  }[];
}

const ALWAYS = ['fires', 'does not fire: quiet', 'does not fire: restart', 'does not fire: just below'];
const OF_EVENTS = [
  'fires: the first event ever, from a source never seen',
  'fires: series vanished',
  'fires: outage longer than the window, with attack',
  'does not fire: outage longer than the window, without attack',
];

/**
 * What a test file of an alert lacks, a line each. An alert that keeps firing is one about events, and has more to show. Takes the alert and the
 * text of its test file.
 */
export function lacks({ alert = '', keep_firing_for }: Rule, text: string): string[] {
  const { tests = [] } = parse(text) as TestFile;
  const cases = keep_firing_for === undefined ? ALWAYS : [...ALWAYS, ...OF_EVENTS];
  const found = cases
    .filter((wanted) => !tests.some(({ name = '' }) => isCase(name, wanted)))
    .map((wanted) => `${alert}: has no test "${wanted}"`);
  for (const { name = '', alert_rule_test = [] } of tests) {
    const checks = alert_rule_test.map(({ exp_alerts = [] }) => exp_alerts.length);
    if (alert_rule_test.some(({ alertname }) => alertname !== alert))
      found.push(`${alert}: "${name}" tests another alert`);
    const shouldFire = name.startsWith('fires');
    if (!shouldFire && !name.startsWith('does not fire')) found.push(`${alert}: "${name}" says not what it expects`);
    if (shouldFire !== checks.some((alerts) => alerts > 0)) found.push(`${alert}: "${name}" expects the contrary`);
  }
  return found;
}

/** Whether a test is of a case: it begins with the same outcome, and speaks of it. */
function isCase(name: string, wanted: string): boolean {
  const [outcome = '', what = ''] = wanted.split(': ', 2);
  return name.startsWith(`${outcome}:`) && name.includes(what);
}
