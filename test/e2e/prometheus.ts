import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ENVIRONMENT, makeDirectory } from './tools.ts';
import { until } from './until.ts';

/** A real Prometheus that scrapes. */
export interface Prometheus {
  /** The values of an instant query, by now. */
  query(expression: string): Promise<number[]>;
  /** What keeps it from scraping the target of a job; '' when nothing does. */
  lastError(job: string): Promise<string>;
}

/** Starts one on a free port of the loopback interface until the test ends; takes its scrape configurations, a list in YAML. */
export async function startPrometheus(scrapeConfigs: string): Promise<Prometheus> {
  const directory = makeDirectory();
  const config = join(directory, 'prometheus.yml');
  writeFileSync(config, `global: {scrape_interval: 250ms, scrape_timeout: 250ms}\nscrape_configs:\n${scrapeConfigs}`);
  const child = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${join(directory, 'data')}`, '--web.listen-address=127.0.0.1:0'],
    { env: ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const address = await until('Prometheus listens', () => {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${stderr}`);
    return /msg="Listening on" address=(\S+)/.exec(stderr)?.[1];
  });
  await until('it is ready', async () => (await fetch(`http://${address}/-/ready`)).status === 200);

  const ask = async <Data>(path: string) => {
    const answer = await (await fetch(`http://${address}/api/v1/${path}`)).json();
    return (answer as { data: Data }).data;
  };
  return {
    query: async (expression) => {
      const { result } = await ask<{ result: { value: [time: number, value: string] }[] }>(
        `query?query=${encodeURIComponent(expression)}`,
      );
      return result.map(({ value: [, value] }) => Number(value));
    },
    lastError: async (job) => {
      const { activeTargets } = await ask<{ activeTargets: { scrapePool: string; lastError: string }[] }>('targets');
      return activeTargets.find(({ scrapePool }) => scrapePool === job)?.lastError ?? '';
    },
  };
}
