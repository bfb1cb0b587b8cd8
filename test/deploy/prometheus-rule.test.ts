import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PROJECT, readFirst } from './read-yaml.ts';

const RULE = 'deploy/kubernetes/prometheus-operator/prometheus-rule.yaml';
const RULES = 'alerts/srcroute.rules.yml';

it('the PrometheusRule is made from the rule file: `vitest -u` makes it again', async () => {
  const made = execFileSync(process.execPath, ['build/make-prometheus-rule.mjs'], {
    cwd: PROJECT,
    encoding: 'utf8',
    input: readFileSync(`${PROJECT}${RULES}`),
  });
  await expect(made).toMatchFileSnapshot(`${PROJECT}${RULE}`);
});

it('holds exactly its groups', () => {
  const { kind, spec } = readFirst(RULE);
  expect(kind).toBe('PrometheusRule');
  expect(spec).toEqual(readFirst(RULES));
});
