import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { Exporter } from './exporter.ts';
import { seriesKey } from './parse-exposition.ts';
import { describeReal } from './required.ts';
import { ENVIRONMENT, makeDirectory } from './tools.ts';
import { until } from './until.ts';

/** What three kernels really printed, byte for byte. */
const CAPTURES = ['5.10.0-32-amd64.kmsg.raw', '6.1.0-56-amd64.kmsg.raw', '6.18.host-netns.kmsg.raw'].map((name) =>
  fileURLToPath(new URL(`../fixtures/kernel/${name}`, import.meta.url)),
);

describeReal('promtool', { commands: ['promtool'], files: CAPTURES }, () => {
  it('has nothing to say about the metrics', async () => {
    const exporter = await followCaptures();
    expect(check(await exporter.scrape())).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('has nothing to say while the log is missing either', async () => {
    const exporter = await Exporter.start([`--input.kmsg=${join(makeDirectory(), 'none')}`]);
    expect(check(await exporter.scrape())).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  function check(input: string) {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      env: ENVIRONMENT,
      encoding: 'utf8',
      input,
    });
    return { status, stdout, stderr };
  }
});

describeReal('a real Prometheus', { commands: ['prometheus'], files: CAPTURES }, () => {
  it('stores what the exporter tells', async () => {
    const exporter = await followCaptures();
    const prometheus = await startPrometheus(exporter);
    await until('it has scraped', async () => (await prometheus.query('up'))[0]?.value === 1);

    // Counted while it scrapes: what it has must become what the exporter has.
    appendFileSync(exporter.log, '6,900001,1,-;IPv4: source route option 198.51.100.250 -> 192.0.2.1\n');
    const samples = await exporter.until(
      'the new event is counted',
      (now) => now.sum('srcroute_source_events_total', { source_ip: '198.51.100.250' }) === 1,
    );
    for (const metric of ['srcroute_events_total', 'srcroute_source_events_total']) {
      const exposed = samples.of(metric).map(({ labels, value }) => ({ labels, value }));
      expect(exposed.length).toBeGreaterThan(0);
      await until(`it has all of ${metric}`, async () => {
        expect(sorted(await prometheus.query(metric))).toEqual(sorted(exposed));
        return true;
      });
    }
    await until('it takes every sample', async () => {
      const [scraped] = await prometheus.query('scrape_samples_scraped');
      return scraped?.value === (await exporter.samples()).all.length;
    });
  });
});

/** Follows the captures, one after the other in one growing file, and waits until all is read. */
async function followCaptures(): Promise<Exporter & { log: string }> {
  const log = join(makeDirectory(), 'kmsg');
  const text = CAPTURES.map((file) => readFileSync(file, 'latin1')).join('');
  writeFileSync(log, text, 'latin1');
  const exporter = await Exporter.start([`--input.kmsg=${log}`, '--input.from=start']);
  // Lines that begin with a space belong to the record before them.
  const records = text.split('\n').filter((line) => line !== '' && !line.startsWith(' ')).length;
  await exporter.until(
    'all records are read',
    (samples) => samples.value('srcroute_log_records_total', { input: log }) === records,
  );
  return Object.assign(exporter, { log });
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One result of the query API. */
interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

interface Prometheus {
  query(expression: string): Promise<Labelled[]>;
}

function sorted(samples: readonly Labelled[]): string[] {
  return samples.map(({ labels, value }) => `${seriesKey('', labels)} ${value}`).sort();
}

/** A Prometheus of its own: its data, its port of the loopback interface, and one target. */
async function startPrometheus(exporter: Exporter): Promise<Prometheus> {
  const directory = makeDirectory();
  const config = join(directory, 'prometheus.yml');
  writeFileSync(
    config,
    `global:
  scrape_interval: 250ms
  scrape_timeout: 250ms
scrape_configs:
  - job_name: srcroute
    static_configs:
      - targets: ["${exporter.address}"]
`,
  );
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
  return {
    async query(expression) {
      const response = await fetch(`http://${address}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data } = (await response.json()) as { data: { result: Result[] } };
      return data.result.map(({ metric: { __name__, instance, job, ...labels }, value: [, value] }) => ({
        labels,
        value: Number(value),
      }));
    },
  };
}
