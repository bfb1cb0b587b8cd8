import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { RULES, readProjectFile } from '../../alerts/rule-file.ts';
import { runPrometheus } from '../prometheus.ts';
import { type Cleanup, makeDirectory, run } from '../tools.ts';

/** One series at one moment. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert, pending or firing. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

/** A real Prometheus that scrapes exporters and evaluates the shipped rules. */
export interface Watching {
  /** `http://host:port`. */
  readonly url: string;
  /** The result of an instant query, by now. Rejects with what Prometheus says when it refuses. */
  query(expression: string): Promise<Sample[]>;
  /** The first value of it; undefined when there is none. */
  figure(expression: string): Promise<number | undefined>;
  /** How many samples an instant query reads, by now. */
  samplesRead(expression: string): Promise<number>;
  alerts(): Promise<Alert[]>;
}

/** How it is started. */
export interface Watch {
  /** Between two scrapes of a target, and between two evaluations of the rules: `1s`. */
  readonly interval: string;
  /** Text of the rule file; the shipped one by default. */
  readonly rules?: string;
  readonly flags?: readonly string[];
  /** What it finds in its database, as OpenMetrics text. */
  readonly history?: string;
  readonly cleanup?: Cleanup;
}

/**
 * Starts one on a free port of the loopback interface with the example configuration: other targets, other intervals, and
 * nobody to send alerts to. Takes the targets, `host:port`.
 */
export async function watch(targets: readonly string[], options: Watch): Promise<Watching> {
  const { interval, rules = readProjectFile(RULES), flags = [], history, cleanup = onTestFinished } = options;
  const directory = makeDirectory(cleanup);
  const example = parse(readProjectFile('deploy/prometheus/static.yml'));
  writeFileSync(join(directory, 'rules.yml'), rules);
  const config = {
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: [join(directory, 'rules.yml')],
    scrape_configs: [{ ...example.scrape_configs[0], static_configs: [{ targets }] }],
  };
  if (history !== undefined) {
    writeFileSync(join(directory, 'history.txt'), history);
    run('promtool', [
      ...['tsdb', 'create-blocks-from', 'openmetrics'],
      ...[join(directory, 'history.txt'), join(directory, 'data')],
    ]);
  }
  const url = await runPrometheus(directory, JSON.stringify(config), flags, cleanup);
  const ask = async (expression: string) => {
    const body = new URLSearchParams({ query: expression, stats: 'all' });
    const { data, error } = await json<QueryAnswer>(`${url}/api/v1/query`, { method: 'POST', body });
    if (data === undefined) throw new Error(`Prometheus refuses ${expression}: ${error}`);
    return data;
  };
  const query = async (expression: string): Promise<Sample[]> =>
    (await ask(expression)).result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  return {
    url,
    query,
    figure: async (expression) => (await query(expression))[0]?.value,
    samplesRead: async (expression) => (await ask(expression)).stats.samples.totalQueryableSamples,
    alerts: async () => (await json<{ data: { alerts: Alert[] } }>(`${url}/api/v1/alerts`)).data.alerts,
  };
}

interface QueryAnswer {
  readonly data?: {
    readonly result: { readonly metric: Sample['metric']; readonly value: [number, string] }[];
    readonly stats: { readonly samples: { readonly totalQueryableSamples: number } };
  };
  readonly error?: string;
}

async function json<T>(url: string, init?: RequestInit): Promise<T> {
  return (await (await fetch(url, init)).json()) as T;
}
