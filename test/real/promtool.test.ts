import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Exporter } from '../e2e/exporter.ts';
import { seriesKey } from '../e2e/parse-exposition.ts';
import { type Answered, startPrometheus } from '../e2e/prometheus.ts';
import { describeReal } from '../e2e/required.ts';
import { ENVIRONMENT, makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

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
    const prometheus = await startPrometheus(
      `- {job_name: srcroute, static_configs: [{targets: ["${exporter.address}"]}]}\n`,
    );
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

function sorted(samples: readonly Answered[]): string[] {
  return samples.map(({ labels, value }) => `${seriesKey('', labels)} ${value}`).sort();
}
