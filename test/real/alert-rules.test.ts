import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT, RULES, readProjectFile, shippedAlerts } from '../alerts/rule-file.ts';
import { blocksOf } from '../alerts/runbook.ts';
import { describeReal } from '../e2e/required.ts';
import { makeDirectory, run, runBeside } from '../e2e/tools.ts';

const ALERTMANAGER = `${PROJECT}alerts/alertmanager.example.yml`;
const alerts = [...shippedAlerts()];

describeReal('promtool', { commands: ['promtool'] }, () => {
  it('finds nothing wrong with the rules', () => {
    expect(run('promtool', ['check', 'rules', `${PROJECT}${RULES}`])).toMatch(/SUCCESS: \d+ rules found/);
  });

  it.each(readdirSync(`${PROJECT}alerts/tests`))('%s passes', async (file) => {
    expect(await runBeside('promtool', ['test', 'rules', `${PROJECT}alerts/tests/${file}`])).toContain('SUCCESS');
  });

  it.each(['static', 'file-sd'])('finds nothing wrong with the scrape configuration %s', (name) => {
    expect(run('promtool', ['check', 'config', `${PROJECT}deploy/prometheus/${name}.yml`])).toContain('is valid');
  });

  it('finds nothing wrong with the scrape configuration kubernetes, but for what Debian builds without', () => {
    const text = readProjectFile('deploy/prometheus/kubernetes.yml');
    // Debian's Prometheus knows no Kubernetes: its discovery is replaced, so that the rest is checked.
    const without = text.replace(/kubernetes_sd_configs:\n +- role: pod\n/, 'static_configs: []\n');
    expect(without).not.toBe(text);
    const file = join(makeDirectory(), 'kubernetes.yml');
    writeFileSync(file, without.replace('../../alerts', `${PROJECT}alerts`));
    expect(run('promtool', ['check', 'config', file])).toContain('is valid');
  });

  it('understands the queries of the runbooks', () => {
    const queries = alerts.flatMap(([alert]) =>
      blocksOf(alert)
        .filter(({ language }) => language === 'promql')
        .flatMap(({ text }) => text.trim().split('\n')),
    );
    const rules = queries.map((query, at) => ({ record: `query:${at}`, expr: query }));
    const file = join(makeDirectory(), 'queries.yml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
    expect(run('promtool', ['check', 'rules', file])).toContain(`${queries.length} rules found`);
  });
});

describeReal('amtool', { commands: ['amtool'] }, () => {
  const route = (...labels: string[]) =>
    run('amtool', ['config', 'routes', 'test', `--config.file=${ALERTMANAGER}`, ...labels]).trim();

  it('finds nothing wrong with the example', () => {
    expect(run('amtool', ['check-config', ALERTMANAGER])).toContain('SUCCESS');
  });

  it.each(alerts)('%s goes where its severity says', (alert, { labels }) => {
    const receivers: Record<string, string> = {
      critical: 'pager',
      warning: 'tickets',
      info: 'nowhere',
      none: 'dead-mans-switch',
    };
    const severity = labels?.severity ?? '';
    expect(route(`alertname=${alert}`, `severity=${severity}`, 'job=srcroute', 'instance=a')).toBe(receivers[severity]);
  });

  it('loses no alert with a severity that nobody thought of', () => {
    expect(route('alertname=SourceRoutingNew', 'severity=odd')).toBe('tickets');
  });
});
