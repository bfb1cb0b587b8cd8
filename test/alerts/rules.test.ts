import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import { complaints } from './complaints.ts';
import { PROJECT, RULES, readProjectFile, shippedAlerts } from './rule-file.ts';
import { lacks } from './test-file.ts';

const TESTS = 'alerts/tests';
const text = readProjectFile(RULES);
const alerts = shippedAlerts();

describe('the rules', () => {
  it('are what was promised', () => {
    const behaviours = [...alerts].map(([name, { labels, for: lasts = '', keep_firing_for = '' }]) => [
      name.replace(/^SourceRouting/, ''),
      [labels?.severity, lasts, keep_firing_for],
    ]);
    expect(Object.fromEntries(behaviours)).toEqual(CATALOGUE);
  });

  it('give no reason for complaint', () => {
    expect(complaints(text)).toEqual([]);
  });

  it('name the job in one way', () => {
    expect(new Set(text.match(/\bup\{[^}]*\}/g))).toEqual(new Set(['up{job="srcroute"}']));
  });
});

describe('a badly edited rule is told by its name', () => {
  const attempts = 'alerts/srcroute.rules.yml: SourceRoutingAttempts: ';
  it.each([
    [
      'an unknown metric',
      'expr: up{job="srcroute"} == 0',
      'expr: srcroute_up == 0',
      `${RULES}: SourceRoutingExporterDown: "srcroute_up" is neither exposed nor recorded before it`,
    ],
    [
      'an unknown label',
      'without (event, family) (instance_event_family:srcroute_probes:increase10m)',
      'without (evnt) (instance_event_family:srcroute_probes:increase10m)',
      `${attempts}no metric has the label "evnt"`,
    ],
    [
      'an impossible value',
      'rate5m{event="icmpv6_no_reply"}',
      'rate5m{event="icmp6_no_reply"}',
      `${RULES}: SourceRoutingIcmpv6NoReplyStorm: no metric has event="icmp6_no_reply"`,
    ],
    [
      'a number in an expression',
      '> scalar(srcroute:suppressed_messages_rate:threshold)',
      '> 5',
      `${RULES}: SourceRoutingKernelRateLimited: compares with 5: make it a threshold at the top of the file`,
    ],
    [
      'a label in the summary',
      'summary: Packets with a source route reach a host.',
      "summary: 'Packets reach {{ $labels.instance }}'",
      `${attempts}has a template in its summary: that belongs in the description`,
    ],
    [
      'a severity',
      'severity: info',
      'severity: page',
      `${attempts}has the severity "page": use critical, warning, info, none`,
    ],
    [
      'another runbook',
      'runbook: docs/runbooks/SourceRoutingAttempts.md',
      'runbook: docs/runbooks/Attempts.md',
      `${attempts}names the runbook "docs/runbooks/Attempts.md"`,
    ],
    [
      'an unknown key',
      'keep_firing_for: 30m',
      'keep_fire_for: 30m',
      `${attempts}has a key "keep_fire_for" that no rule has`,
    ],
    [
      'an unknown metric in a description',
      '`srcroute_event_blind_spot{job=%q',
      '`srcroute_event_blindspot{job=%q',
      `${RULES}: SourceRoutingWentBlind: "srcroute_event_blindspot" is neither exposed nor recorded before it`,
    ],
    [
      'an address for a label',
      'max without (source_ip) (increase(srcroute_source_events_total{source_ip="other"}[15m])) > 0',
      'increase(srcroute_source_events_total{source_ip="other"}[15m]) > 0',
      `${RULES}: SourceRoutingSourcesOverflow: has addresses for labels: take them away with "max without (source_ip)"`,
    ],
    [
      'a name of another form',
      'record: instance:srcroute_log_up:min',
      'record: srcroute_log_up_min',
      `${RULES}: srcroute_log_up_min: is no name of the form level:metric:operations`,
    ],
    ['a name twice', 'alert: SourceRoutingScan', 'alert: SourceRoutingAttempts', `${attempts}is there twice`],
  ])('%s', (_what, from, to, complaint) => {
    expect(text).toContain(from);
    expect(complaints(text.replace(from, to))).toContain(complaint);
  });

  it('a threshold that is gone', () => {
    const without = text.replace(/ +- record: srcroute:fleet_blind_share:threshold\n.*\n/, '');
    expect(complaints(without)).toContain(
      `${RULES}: SourceRoutingFleetBlind: "srcroute:fleet_blind_share:threshold" is neither exposed nor recorded before it`,
    );
  });

  it('what is no YAML, with its line', () => {
    const line = text.split('\n').findIndex((each) => each.includes('alert: SourceRoutingScan')) + 2;
    const lines = text.split('\n');
    lines.splice(line - 1, 1, '      expr: "never closed');
    expect(complaints(lines.join('\n'))).toEqual([
      expect.stringMatching(/^alerts\/srcroute\.rules\.yml:\d+: SourceRouting\w+: /),
    ]);
  });

  it('a file of something else', () => {
    expect(complaints('dashboards: []')).toEqual([`${RULES}: Cannot find "groups"`]);
  });
});

describe('every alert', () => {
  it.each([...alerts])('%s has its tests', (name, rule) => {
    const path = `${TESTS}/${name}.yml`;
    expect(existsSync(`${PROJECT}${path}`), `${path} is missing`).toBe(true);
    // It always fires: there is nothing to stay below.
    const exempt = name === 'SourceRoutingWatchdog' ? /restart|just below|quiet|contrary/ : /^$/;
    expect(lacks(rule, readProjectFile(path)).filter((what) => !exempt.test(what))).toEqual([]);
  });

  it('is there for every test', () => {
    const names = readdirSync(`${PROJECT}${TESTS}`).map((file) => file.replace(/\.yml$/, ''));
    expect(names.filter((name) => !alerts.has(name))).toEqual(['stock-fleet']);
  });
});

describe('a test file that lacks something', () => {
  const rule = { alert: 'SourceRoutingX' };
  const check = (alerts: string) =>
    `alert_rule_test: [{alertname: SourceRoutingX, eval_time: 1m, exp_alerts: [${alerts}]}]`;
  const cases = ['fires: a', 'does not fire: quiet', 'does not fire: restart', 'does not fire: just below'];
  const file = (names: readonly string[]) =>
    `tests:\n${names.map((name) => `- {name: '${name}', ${check(name.startsWith('fires') ? '{}' : '')}}`).join('\n')}`;

  it('is told by the name of the alert and the case', () => {
    expect(lacks(rule, file(cases))).toEqual([]);
    expect(lacks(rule, file(cases.slice(1)))).toEqual(['SourceRoutingX: has no test "fires"']);
    expect(lacks({ ...rule, keep_firing_for: '1h' }, file(cases))).toHaveLength(4);
  });

  it('is told when a test expects the contrary of its name, or tests another alert', () => {
    const contrary = `${file(cases)}\n- {name: 'does not fire: b', ${check('{}')}}`;
    expect(lacks(rule, contrary)).toEqual(['SourceRoutingX: "does not fire: b" expects the contrary']);
    const other = file(cases).replace('alertname: SourceRoutingX', 'alertname: SourceRoutingY');
    expect(lacks(rule, other)).toEqual(['SourceRoutingX: "fires: a" tests another alert']);
  });
});
