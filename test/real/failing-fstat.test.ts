import { spawn } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { eventLine } from '../e2e/event-lines.ts';
import { Exporter } from '../e2e/exporter.ts';
import { describeReal } from '../e2e/required.ts';
import { ENVIRONMENT, makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

const LINES = 40;

/** Lets calls on a file fail in a running process, until the returned function is called. */
async function inject(pid: number, file: string, call: string, fault: string): Promise<() => Promise<void>> {
  const args = ['-f', '-o', '/dev/null', '-P', file, '-e', `trace=${call}`, '-e', `inject=${call}:${fault}`];
  const strace = spawn('strace', [...args, '-p', String(pid)], {
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => strace.once('exit', resolve));
  onTestFinished(() => void strace.kill('SIGKILL'));
  let said = '';
  strace.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  await until('strace is attached', () => said.includes(`Process ${pid} attached`));
  return async () => {
    strace.kill('SIGINT');
    await ended;
  };
}

describeReal('a log of which fstat fails now and then', { root: true, commands: ['strace'] }, () => {
  it('is counted to the last event although fstat fails', async () => {
    const log = `${makeDirectory()}/kern.log`;
    writeFileSync(log, '');
    const exporter = await Exporter.start([`--input.file=${log}`, '--input.from=start']);
    await exporter.until('it reads the log', (samples) => samples.value('srcroute_log_up', { input: log }) === 1);
    const heal = await inject(exporter.pid, log, 'statx', 'error=EIO:when=2+5');
    for (let line = 1; line <= LINES; line++) {
      appendFileSync(log, eventLine(`198.51.100.${line}`));
      await exporter.until(
        `${line} lines are read`,
        (s) => s.value('srcroute_log_records_total', { input: log }) === line,
      );
    }
    await heal();
    const samples = await exporter.until('it is well', (s) => s.value('srcroute_log_up', { input: log }) === 1);
    expect(samples.sum('srcroute_events_total', { event: 'source_route_option' })).toBe(LINES);
    await exporter.stop();
  }, 120_000);
});
