import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complaints } from './complaints.ts';
import { PROJECT, RULES, readProjectFile, shippedAlerts } from './rule-file.ts';
import { blocksOf, howItRuns, parseBlocks, RUNBOOKS } from './runbook.ts';

const alerts = [...shippedAlerts().keys()];
const SECTIONS = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation'];

describe('runbooks', () => {
  it.each(alerts)('%s has one', (alert) => {
    const path = `${RUNBOOKS}/${alert}.md`;
    expect(existsSync(`${PROJECT}${path}`), `${path} is missing`).toBe(true);
    const text = readProjectFile(path);
    expect(text.split('\n', 1)[0]).toBe(`# ${alert}`);
    expect(text.match(/^## .*$/gm)).toEqual(SECTIONS.map((section) => `## ${section}`));
    expect(text, 'says where what is often said is wrong').toContain('**Often said, and wrong:**');
    expect(text, 'says when there is nothing to do').toContain('**No action is needed**');
  });

  it('are all of an alert', () => {
    const names = readdirSync(`${PROJECT}${RUNBOOKS}`).map((file) => file.replace(/\.md$/, ''));
    expect(names.filter((name) => !alerts.includes(name))).toEqual(['README']);
  });

  it.each(alerts)('%s is in the list', (alert) => {
    expect(readProjectFile(`${RUNBOOKS}/README.md`)).toContain(`](${alert}.md)`);
  });

  it.each([...alerts, 'README'])('%s refers to what is there', (name) => {
    const text = readProjectFile(`${RUNBOOKS}/${name}.md`);
    const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => normalize(join(RUNBOOKS, link)));
    const files = [...text.matchAll(/\b(?:deploy|alerts|docs|dashboards)\/[\w./-]*\w/g)].map(([path]) => path);
    expect([...links, ...files].filter((path) => !existsSync(`${PROJECT}${path}`))).toEqual([]);
    expect(dirname(RUNBOOKS)).toBe('docs');
  });

  it.each(alerts)('%s has commands that are run, or says why not', (alert) => {
    const unmarked = blocksOf(alert).filter((block) => block.language === 'sh' && howItRuns(block) === undefined);
    expect(
      unmarked.map(({ line }) => `${RUNBOOKS}/${alert}.md:${line}: mark it "sh run" or "sh host: REASON"`),
    ).toEqual([]);
    expect(blocksOf(alert).filter(({ language }) => language !== 'sh' && language !== 'promql')).toEqual([]);
  });

  it.each(alerts)('%s has queries that speak of metrics that exist', (alert) => {
    const queries = blocksOf(alert).filter(({ language }) => language === 'promql');
    expect(queries.flatMap(({ text }) => text.trim().split('\n').flatMap(complaintsAbout))).toEqual([]);
  });
});

/** What is wrong with the names in a query: as if it were a description's at the end of the rule file. */
function complaintsAbout(query: string): string[] {
  const rule = `
      - alert: SourceRoutingRunbook
        expr: up
        labels:
          severity: info
        annotations:
          summary: s
          description: ${JSON.stringify(`\`${query}\``)}
          runbook: docs/runbooks/SourceRoutingRunbook.md
`;
  return complaints(readProjectFile(RULES) + rule).map((complaint) => `${query}: ${complaint}`);
}

describe('blocks', () => {
  it('are found with their marks', () => {
    const blocks = parseBlocks('a\n```sh run\nx\ny\n```\n```promql\nz\n```\n```sh host: why\nw\n```\n```sh\nv\n```\n');
    expect(blocks).toEqual([
      { language: 'sh', mark: 'run', text: 'x\ny\n', line: 2 },
      { language: 'promql', mark: '', text: 'z\n', line: 6 },
      { language: 'sh', mark: 'host: why', text: 'w\n', line: 9 },
      { language: 'sh', mark: '', text: 'v\n', line: 12 },
    ]);
    expect(blocks.map(howItRuns)).toEqual([true, undefined, 'why', undefined]);
  });
});
