import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readProjectFile, shippedAlerts } from './rule-file.ts';

interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

interface Route {
  readonly receiver: string;
  readonly group_by?: readonly string[];
  readonly matchers?: readonly string[];
  readonly routes?: readonly Route[];
}

interface Example {
  readonly route: Route;
  readonly inhibit_rules: readonly InhibitRule[];
}

type Labels = Readonly<Record<string, string>>;

const { route, inhibit_rules }: Example = parse(readProjectFile('alerts/alertmanager.example.yml'));
const alerts = [...shippedAlerts()].map(([alertname, { labels }]) => ({ alertname, severity: labels?.severity ?? '' }));

/** Names, without the prefix, of the alerts that one alert mutes, if the labels in `equal` are. */
function mutedBy(name: string): string[] {
  const source = alerts.find(({ alertname }) => alertname === `SourceRouting${name}`) as Labels;
  const rules = inhibit_rules.filter((rule) => matches(rule.source_matchers, source));
  const targets = alerts.filter((target) =>
    rules.some(
      (rule) => matches(rule.target_matchers, target) && !matches(rule.source_matchers, target) && target !== source,
    ),
  );
  return targets.map(({ alertname }) => alertname.replace(/^SourceRouting/, '')).sort();
}

function matches(matchers: readonly string[], labels: Labels): boolean {
  return matchers.every((matcher) => {
    const [, label = '', operator, value = ''] = /^(\w+) (=~?) "?(.*?)"?$/.exec(matcher) ?? [];
    const found = labels[label] ?? '';
    return operator === '=~' ? new RegExp(`^(?:${value})$`).test(found) : found === value;
  });
}

describe('the example for Alertmanager', () => {
  it('mutes no page, but for the one whose page says the same and more', () => {
    const pages = alerts.filter(({ severity }) => severity === 'critical').map(({ alertname }) => alertname.slice(13));
    const muted = alerts.flatMap(({ alertname }) => {
      const by = alertname.slice(13);
      return mutedBy(by)
        .filter((name) => pages.includes(name))
        .map((name) => `${by} mutes ${name}`);
    });
    expect(muted).toEqual(['AcceptedUnderProbe mutes Accepted']);
  });

  it('never mutes the watchdog', () => {
    expect(alerts.filter(({ alertname }) => mutedBy(alertname.slice(13)).includes('Watchdog'))).toEqual([]);
  });

  it('mutes of a job, or a host, what nobody can know while it is not seen', () => {
    const others = alerts
      .filter(({ severity }) => severity === 'warning' || severity === 'info')
      .map(({ alertname }) => alertname.slice(13))
      .sort();
    expect(mutedBy('ExporterAbsent')).toEqual(others);
    const notSeen = ['ExporterDown', 'LogReaderDown'];
    for (const name of notSeen) expect(mutedBy(name)).toEqual(others.filter((other) => !notSeen.includes(other)));
  });

  it.each(['Scan', 'FleetWide'])('%s mutes the attempts it is made of', (name) => {
    expect(mutedBy(name)).toEqual(['Attempts']);
  });

  it.each([
    ['ExporterAbsent', ['job']],
    ['ExporterDown', ['job', 'instance']],
    ['Scan', ['job', 'instance']],
    ['FleetWide', ['job']],
    ['AcceptedUnderProbe', ['job', 'instance']],
  ])('%s mutes within %j', (name, equal) => {
    const rules = inhibit_rules.filter((rule) => matches(rule.source_matchers, { alertname: `SourceRouting${name}` }));
    expect(rules.map((rule) => rule.equal)).toEqual([equal]);
  });

  it('groups pages by alert and job, tickets by host as well', () => {
    const groups = (receiver: string) =>
      (route.routes ?? [])
        .filter((each) => each.receiver === receiver)
        .map(({ group_by = route.group_by }) => group_by);
    expect(groups('pager')).toEqual([['alertname', 'job']]);
    expect(groups('tickets')).toEqual([['alertname', 'job', 'instance']]);
  });
});
