import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Exporter, type Samples } from '../../e2e/exporter.ts';
import { describeReal, PYTHON } from '../../e2e/required.ts';
import { type Cleanup, Cleanups, ENVIRONMENT, makeDirectory, run, runBeside } from '../../e2e/tools.ts';
import { until } from '../../e2e/until.ts';

const LINES_PER_SECOND = 2_000;
const ROTATIONS = 4;
/** Between two rotations. */
const LINES = 2_000;
/** What may come between the last read and a truncation: the poll is four times a second. */
const MAX_LOST_PER_TRUNCATION = LINES_PER_SECOND / 4;

/** Sends numbered events, each from an address of its own, at an even rate, until so many are sent. */
const SENDER = `import socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect(sys.argv[1])
first, lines, rate = map(int, sys.argv[2:5])
start = time.monotonic()
for n in range(first, first + lines):
    s.send(b"<12>kernel: IPv4: source route option 10.%d.%d.%d -> 192.0.2.1" % (n >> 16, n >> 8 & 255, n & 255))
    ahead = (n + 1 - first) / rate - (time.monotonic() - start)
    if ahead > 0.005: time.sleep(ahead)`;

describeReal('a real logrotate and a real rsyslogd', { commands: ['logrotate', 'rsyslogd'], files: [PYTHON] }, () => {
  it('with create: each line is counted once', async () => {
    const { samples, sent, inFiles } = await rotateUnderLoad('create', 'delaycompress');
    expect(inFiles).toBe(sent);
    expect(counted(samples)).toBe(sent);
    expect(twice(samples)).toEqual([]);
  });

  it('with copytruncate: none is counted twice, and few are lost', async () => {
    const { samples, sent } = await rotateUnderLoad('copytruncate');
    expect(twice(samples)).toEqual([]);
    expect(counted(samples)).toBeLessThanOrEqual(sent);
    expect(sent - counted(samples)).toBeLessThanOrEqual(ROTATIONS * MAX_LOST_PER_TRUNCATION);
  });
});

const counted = (samples: Samples) => samples.sum('srcroute_events_total');

/** Addresses that sent one event and are said to have sent more. */
function twice(samples: Samples): string[] {
  return samples
    .of('srcroute_source_events_total')
    .filter(({ labels, value }) => labels.source_ip !== 'other' && value > 1)
    .map(({ labels }) => labels.source_ip ?? '');
}

async function rotateUnderLoad(...directives: string[]): Promise<{ samples: Samples; sent: number; inFiles: number }> {
  const cleanups = new Cleanups();
  try {
    const directory = makeDirectory(cleanups.add);
    const log = join(directory, 'kern.log');
    const writer = await startWriter(directory, log, cleanups.add);
    const config = join(directory, 'logrotate.conf');
    const owner = `${run('id', ['-un']).trim()} ${run('id', ['-gn']).trim()}`;
    writeFileSync(
      config,
      `${log} {\n  su ${owner}\n  rotate 9\n  ${directives.join('\n  ')}\n  postrotate\n    kill -HUP ${writer.pid}\n  endscript\n}\n`,
    );
    const exporter = await Exporter.start(
      [`--input.file=${log}`, '--sources.max=10000', `--state.file=${join(directory, 'state.json')}`],
      { cleanup: cleanups.add },
    );
    const sent = (ROTATIONS + 1) * LINES;
    const sending = runBeside(PYTHON, ['-c', SENDER, writer.socket, '0', `${sent}`, `${LINES_PER_SECOND}`]);
    for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
      await until('there is something to rotate', () => lines(log) > LINES / 2);
      await runBeside('logrotate', ['--force', '--state', join(directory, 'logrotate.state'), config]);
    }
    await sending;
    const inFiles = () =>
      readdirSync(directory)
        .filter((name) => name.startsWith('kern.log'))
        .reduce((sum, name) => sum + lines(join(directory, name)), 0);
    const last = `10.${(sent - 1) >> 16}.${((sent - 1) >> 8) & 255}.${(sent - 1) & 255} `;
    await until('rsyslogd has written all', () => readFileSync(log, 'latin1').includes(last));
    const samples = await exporter.until('the log is read to its end', (now) => {
      const isRead = now.value('srcroute_log_unread_bytes', { input: log }) === 0;
      return isRead && now.of('srcroute_source_events_total', { source_ip: last.trim() }).length === 1;
    });
    return { samples, sent, inFiles: inFiles() };
  } finally {
    await cleanups.run();
  }
}

function lines(file: string): number {
  return existsSync(file) ? readFileSync(file, 'latin1').split('\n').length - 1 : 0;
}

/** An rsyslogd of one's own that writes one file. */
async function startWriter(directory: string, log: string, cleanup: Cleanup): Promise<{ pid: number; socket: string }> {
  const socket = join(directory, 'socket');
  const config = join(directory, 'rsyslog.conf');
  writeFileSync(
    config,
    [
      `global(workDirectory="${directory}")`,
      `module(load="imuxsock" SysSock.Name="${socket}" SysSock.RateLimit.Interval="0")`,
      `*.* action(type="omfile" file="${log}" template="RSYSLOG_FileFormat")`,
      '',
    ].join('\n'),
  );
  const child = spawn('rsyslogd', ['-n', '-f', config, '-i', join(directory, 'pid')], {
    env: ENVIRONMENT,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  cleanup(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await until('rsyslogd has its socket', () => existsSync(socket));
  return { pid: child.pid as number, socket };
}
