import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROJECT, readProjectFile } from './rule-file.ts';

const DIRECTORY = 'deploy/prometheus';

interface ScrapeFile {
  readonly global: Readonly<Record<string, string>>;
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly { readonly job_name: string; readonly sample_limit: number }[];
}

const files = ['static', 'file-sd', 'kubernetes'].map((name) => {
  return [name, parse(readProjectFile(`${DIRECTORY}/${name}.yml`)) as ScrapeFile] as const;
});

describe('scrape configurations', () => {
  it.each(files)('%s is for the job that the rules know, with the rules', (_name, { rule_files, scrape_configs }) => {
    expect(scrape_configs.map(({ job_name }) => job_name)).toEqual(['srcroute']);
    expect(rule_files.map((file) => existsSync(join(PROJECT, DIRECTORY, file)))).toEqual([true]);
  });

  it('differ only in how targets are found', () => {
    const [first, ...others] = files.map(([, { global, scrape_configs }]) => [global, scrape_configs[0]?.sample_limit]);
    for (const other of others) expect(other).toEqual(first);
  });
});

describe('provisioning of Grafana', () => {
  it('tells the scrape interval', () => {
    const { datasources } = parse(readProjectFile('deploy/grafana/datasources/srcroute.yml'));
    expect(datasources[0].type).toBe('prometheus');
    expect(datasources[0].jsonData.timeInterval).toBe(files[0]?.[1].global.scrape_interval);
  });

  it('loads boards from a directory', () => {
    const { apiVersion, providers } = parse(readProjectFile('deploy/grafana/dashboards/srcroute.yml'));
    expect(apiVersion).toBe(1);
    expect(providers[0]).toMatchObject({ type: 'file', allowUiUpdates: false });
    expect(providers[0].options.path).toMatch(/^\//);
  });
});
