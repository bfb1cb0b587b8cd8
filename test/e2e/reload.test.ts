import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeDirectory } from '../input/follow.ts';
import { Exporter } from './exporter.ts';
import { until } from './until.ts';

const RULE = (sysctl: string) => `rules:\n  - {sysctl: ${sysctl}, family: ipv4, expect: 0}\n`;

it('reads the policy again on SIGHUP, and keeps the one before when it is wrong or gone', async () => {
  const directory = makeDirectory();
  const file = join(directory, 'policy.yml');
  const log = join(directory, 'kern.log');
  writeFileSync(log, '');
  writeFileSync(file, RULE('accept_source_route'));
  const exporter = await Exporter.start([
    `--input.file=${log}`,
    `--sysctl.policy=${file}`,
    '--path.procfs=test/fixtures/host/proc',
    '--path.rootfs=test/fixtures/host/root',
  ]);
  const sysctls = async () =>
    new Set((await exporter.samples()).of('srcroute_sysctl_value').map(({ labels }) => labels.sysctl));
  const hangUp = async (said: string) => {
    const before = exporter.stderr.length;
    process.kill(exporter.pid, 'SIGHUP');
    await until(`it says "${said}"`, () => exporter.stderr.slice(before).includes(said));
  };
  const status = () => exporter.value('srcroute_config_last_reload_successful', { file });
  const moment = () => exporter.value('srcroute_config_last_reload_success_timestamp_seconds', { file });
  expect(await sysctls()).toEqual(new Set(['accept_source_route']));
  expect(await status()).toBe(1);
  const started = (await moment()) as number;

  writeFileSync(file, RULE('log_martians'));
  await hangUp('Configuration reloaded');
  expect(await sysctls()).toEqual(new Set(['log_martians']));
  const reloaded = (await moment()) as number;
  expect(reloaded).toBeGreaterThan(started);

  writeFileSync(file, RULE('log_martian'));
  await hangUp(`${file}:2: Unknown sysctl`);
  expect(await sysctls()).toEqual(new Set(['log_martians']));
  expect([await status(), await moment()]).toEqual([0, reloaded]);

  rmSync(file);
  await hangUp(`Cannot read ${file}: ENOENT`);
  expect(await sysctls()).toEqual(new Set(['log_martians']));

  writeFileSync(file, RULE('accept_source_route'));
  await hangUp('Configuration reloaded');
  expect(await status()).toBe(1);
  expect(await exporter.stop()).toMatchObject({ code: 0 });
});

it('has nothing to reload without a configuration file, and goes on', async () => {
  const log = join(makeDirectory(), 'kern.log');
  writeFileSync(log, '');
  const exporter = await Exporter.start([`--input.file=${log}`]);
  process.kill(exporter.pid, 'SIGHUP');
  await until('it says so', () => exporter.stderr.includes('Nothing to reload'));
  expect((await exporter.get('/-/healthy')).status).toBe(200);
});
