import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventLine } from './event-lines.ts';
import { Exporter, PROGRAM, runProgram } from './exporter.ts';
import { makeDirectory, run } from './tools.ts';

it.each([
  { client: 'an idle keep-alive client', send: 'GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n', answered: true },
  { client: 'a half-sent request', send: 'GET /metrics HTTP/1.1\r\nHost: ', answered: false },
  { client: 'a client that says nothing', send: '', answered: false },
  {
    client: 'a client that never reads',
    send: 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(500),
    answered: false,
  },
])('stops with $client', async ({ send, answered }) => {
  const exporter = await followNewFile();
  const socket = await dial(exporter);
  socket.pause();
  socket.write(send);
  if (answered) await new Promise((resolve) => socket.once('data', resolve).resume());
  // What another connection asks for is answered after what this one sent was read.
  await exporter.scrape();
  expect(await exporter.stop()).toMatchObject({ code: 0 });
});

it('stops while it reads a backlog', async () => {
  const log = newFile();
  const lines = eventLine('198.51.100.1').repeat(10_000);
  const grow = () => {
    for (let part = 0; part < 100; part++) appendFileSync(log, lines);
  };
  grow();
  const exporter = await Exporter.start([`--input.file=${log}`, '--input.from=start']);
  await exporter.until('it reads', (now) => {
    if (now.sum('srcroute_log_unread_bytes') > 0) return true;
    // It was faster than this test could ask.
    if (now.sum('srcroute_log_records_total') > 0) grow();
    return false;
  });
  expect(await exporter.stop()).toMatchObject({ code: 0 });
});

it('ends with 1 and one line when the port is in use', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const log = newFile();
  const { code, stdout, stderr } = await runProgram([
    `--web.listen-address=127.0.0.1:${port}`,
    `--input.file=${log}`,
    '--log.level=error',
  ]);
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: `srcroute-exporter: Cannot listen on "127.0.0.1:${port}": the port is in use by another process; choose another with --web.listen-address\n`,
  });
});

it.each([
  ['--nope', '--nope'],
  ['--no-log.level', '--no-log.level'],
  ['--web.listen-address=nonsense', '--web.listen-address'],
  ['--web.listen-address=127.0.0.1:99999', '--web.listen-address'],
  ['--web.max-requests=-1', '--web.max-requests'],
  ['--web.telemetry-path=metrics', '--web.telemetry-path'],
  ['--sources.max=0', '--sources.max'],
  ['--sources.max=10001', '--sources.max'],
  ['--sources.known=192.0.2.0/33=scanner', '--sources.known'],
  ['--input.from=middle', '--input.from'],
  ['--input.kmsg=', '--input.kmsg'],
  ['--netfilter.log-prefix=', '--netfilter.log-prefix'],
  ['--sysctl.interface-include=(', '--sysctl.interface-include'],
  ['--sysctl.interface-exclude=[', '--sysctl.interface-exclude'],
  ['--sysctl.policy=/nonexistent/policy.yml', '--sysctl.policy'],
  ['--log.level=loud', '--log.level'],
  ['--log.format=xml', '--log.format'],
  ['--config.check=yes', '--config.check'],
  ['nonsense', 'nonsense'],
])('ends with 2 and one line for %s', async (flag, named) => {
  const { code, stdout, stderr } = await runProgram(['--web.listen-address=127.0.0.1:0', flag]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^srcroute-exporter: [^\n]+\n$/);
  expect(stderr).toContain(named);
});

it.each([
  ['rules: [', 1],
  ['rules:\n  - sysctl: accept_source_route\n    familly: ipv4\n    expect: 0\n', 3],
  ['rules:\n  - sysctl: no_such_thing\n    expect: 0\n', 2],
  ['rules:\n  - sysctl: accept_source_route\n    expect: zero\n', 3],
])('ends with 2 and names file and line for the policy %j', async (policy, line) => {
  const file = join(makeDirectory(), 'policy.yml');
  writeFileSync(file, policy);
  const { code, stderr } = await runProgram(['--web.listen-address=127.0.0.1:0', `--sysctl.policy=${file}`]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^srcroute-exporter: --sysctl\.policy: [^\n]+\n$/);
  expect(stderr).toContain(`${file}:${line}:`);
});

it('shows help and version on standard output', async () => {
  const help = await runProgram(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('Usage: srcroute-exporter [serve] [flags]');
  expect(Math.max(...help.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  const version = await runProgram(['--version']);
  expect(version).toMatchObject({ code: 0, stderr: '' });
  expect(version.stdout).toMatch(/^srcroute-exporter \d+\.\d+\.\d+ \(revision \w+, Node\.js [\d.]+\)\n$/);
});

it('does not die of a reader that goes away', async () => {
  expect(run('bash', ['-o', 'pipefail', '-c', '"$0" "$1" --help | head -n 1', process.execPath, PROGRAM])).toMatch(
    /^srcroute-exporter/,
  );
});

it('checks the configuration and opens nothing', async () => {
  const log = newFile();
  const fine = await runProgram([`--input.file=${log}`, '--config.check']);
  expect(fine).toMatchObject({ code: 0, stdout: 'Configuration is fine\n' });
  expect(fine.stderr).not.toContain('Cannot');

  const gone = await runProgram([`--input.file=${log}.gone`, '--config.check']);
  expect(gone).toMatchObject({ code: 0, stdout: 'Configuration is fine\n' });
  expect(gone.stderr).toContain(`warning: Cannot read ${log}.gone: ENOENT`);

  const wrong = await runProgram([`--input.file=${log}`, '--config.check', '--sources.max=many']);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/^srcroute-exporter: --sources\.max: [^\n]+\n$/);
});

function newFile(): string {
  const file = join(makeDirectory(), 'kern.log');
  writeFileSync(file, '');
  return file;
}

function followNewFile(...flags: string[]): Promise<Exporter> {
  return Exporter.start([`--input.file=${newFile()}`, ...flags]);
}

/** A connection that minds nothing. */
async function dial(exporter: Exporter): Promise<Socket> {
  const socket = connect(exporter.port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}
