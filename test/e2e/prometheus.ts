import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Cleanup, ENVIRONMENT, makeDirectory } from './tools.ts';
import { until } from './until.ts';

/** One series of an answer: its labels without those that Prometheus adds. */
export interface Answered {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus that scrapes. */
export interface Prometheus {
  /** What an instant query gives, by now. */
  query(expression: string): Promise<Answered[]>;
  /** What keeps it from scraping the target of a job; '' when nothing does. */
  lastError(job: string): Promise<string>;
}

/** Starts one that scrapes four times a second until the test ends; takes its scrape configurations, a list in YAML. */
export async function startPrometheus(scrapeConfigs: string): Promise<Prometheus> {
  const config = `global: {scrape_interval: 250ms, scrape_timeout: 250ms}\nscrape_configs:\n${scrapeConfigs}`;
  const url = await runPrometheus(makeDirectory(), config);
  const ask = async <Data>(path: string) => {
    const answer = await (await fetch(`${url}/api/v1/${path}`)).json();
    return (answer as { data: Data }).data;
  };
  return {
    query: async (expression) => {
      const { result } = await ask<{
        result: { metric: Record<string, string>; value: [time: number, value: string] }[];
      }>(`query?query=${encodeURIComponent(expression)}`);
      return result.map(({ metric: { __name__, instance, job, ...labels }, value: [, value] }) => ({
        labels,
        value: Number(value),
      }));
    },
    lastError: async (job) => {
      const { activeTargets } = await ask<{ activeTargets: { scrapePool: string; lastError: string }[] }>('targets');
      return activeTargets.find(({ scrapePool }) => scrapePool === job)?.lastError ?? '';
    },
  };
}

/**
 * Runs Prometheus on a free port of the loopback interface until the end, and gives its `http://host:port` once it is ready. Takes a
 * directory for its configuration and its database (`data` in it), the configuration as text, and more flags.
 */
export async function runPrometheus(
  directory: string,
  configuration: string,
  flags: readonly string[] = [],
  cleanup: Cleanup = onTestFinished,
): Promise<string> {
  const config = join(directory, 'prometheus.yml');
  writeFileSync(config, configuration);
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      ...flags,
    ],
    { env: ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  cleanup(() => {
    child.kill('SIGKILL');
    return ended;
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
  return `http://${address}`;
}
