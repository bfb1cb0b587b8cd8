import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Exporter } from '../e2e/exporter.ts';
import { describeReal, OTHER_USER } from '../e2e/required.ts';
import { makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

describeReal('idle on the device', { kmsg: true }, () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops on %s with 0', async (signal) => {
    const exporter = await Exporter.start([]);
    await exporter.until('it reads', (samples) => samples.value('srcroute_log_up', { input: '/dev/kmsg' }) === 1);
    expect(await exporter.stop(signal)).toMatchObject({ code: 0 });
  });
});

describeReal('another user', { root: true, kmsg: true, otherUser: true }, () => {
  const syslog = ['--inh-caps=+syslog', '--ambient-caps=+syslog'];

  it('is told that CAP_SYSLOG is missing, and served all the same', async () => {
    const exporter = await Exporter.start([], { prefix: OTHER_USER, clientPrefix: [] });
    await until('it says so', () => exporter.stderr.includes('CAP_SYSLOG is missing'));
    expect(exporter.stderr.match(/CAP_SYSLOG/g)?.length).toBe(2);
    expect(await exporter.value('srcroute_log_up', { input: '/dev/kmsg' })).toBe(0);
    expect(await exporter.value('srcroute_collector_success', { collector: 'sysctl' })).toBe(1);
    expect((await exporter.get('/-/ready')).status).toBe(503);
    expect(await exporter.stop()).toMatchObject({ code: 0 });
  });

  it('reads the device with CAP_SYSLOG', async () => {
    const exporter = await Exporter.start([], { prefix: [...OTHER_USER, ...syslog], clientPrefix: [] });
    await exporter.until('it reads', (samples) => samples.value('srcroute_log_up', { input: '/dev/kmsg' }) === 1);
    expect((await exporter.get('/-/ready')).status).toBe(200);
    expect(exporter.stderr).not.toContain('level=warn');
  });

  it('is told what would help with a file that it may not read', async () => {
    const log = newFile();
    chmodSync(log, 0o600);
    const exporter = await Exporter.start([`--input.file=${log}`], { prefix: OTHER_USER, clientPrefix: [] });
    await until('it says so', () => exporter.stderr.includes('adm on Debian'));
    expect(await exporter.value('srcroute_log_up', { input: log })).toBe(0);
    chmodSync(log, 0o644);
    await exporter.until('it reads', (samples) => samples.value('srcroute_log_up', { input: log }) === 1);
  });
});

function newFile(): string {
  const file = join(makeDirectory(), 'kern.log');
  writeFileSync(file, '');
  return file;
}
