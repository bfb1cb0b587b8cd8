import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventLine } from '../e2e/event-lines.ts';
import { Exporter, type Samples } from '../e2e/exporter.ts';
import { describeReal } from '../e2e/required.ts';
import { makeDirectory, run } from '../e2e/tools.ts';

const EVENT = 'source_route_option';

const sent = (samples: Samples, source_ip: string) =>
  samples.value('srcroute_source_events_total', { event: EVENT, source_ip }) ?? 0;
const total = (samples: Samples) => samples.sum('srcroute_events_total', { event: EVENT });

describeReal('a real logrotate', { commands: ['logrotate'] }, () => {
  it.each(['create', 'copytruncate'])('with %s loses and doubles nothing of what was read before', async (mode) => {
    const directory = makeDirectory();
    const log = join(directory, 'kern.log');
    const config = join(directory, 'logrotate.conf');
    writeFileSync(log, '');
    const user = run('id', ['-un']).trim();
    const group = run('id', ['-gn']).trim();
    writeFileSync(config, `${log} {\n  su ${user} ${group}\n  rotate 9\n  ${mode}\n}\n`);
    const exporter = await Exporter.start([`--input.file=${log}`]);
    for (let round = 1; round <= 5; round++) {
      for (let line = 0; line < 200; line++) appendFileSync(log, eventLine(`198.51.100.${round}`));
      if (mode === 'copytruncate') {
        await exporter.until('all is read', (samples) => sent(samples, `198.51.100.${round}`) === 200);
      }
      run('logrotate', ['--force', '--state', join(directory, 'state'), config]);
      // A truncation can only be told once it was seen or the file begins otherwise; both are given time here.
      if (mode === 'copytruncate') {
        await exporter.until('it is seen', (samples) => samples.sum('srcroute_log_reopens_total') === round);
      }
    }
    const samples = await exporter.until('everything is counted', (now) => total(now) >= 1_000);
    for (let round = 1; round <= 5; round++) expect(sent(samples, `198.51.100.${round}`)).toBe(200);
    expect(total(samples)).toBe(1_000);
  });
});
