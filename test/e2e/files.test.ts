import { appendFileSync, createWriteStream, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventLine, eventRecord } from './event-lines.ts';
import { Exporter, type Samples } from './exporter.ts';
import { makeDirectory, run } from './tools.ts';
import { until } from './until.ts';

const EVENT = 'source_route_option';

const sent = (samples: Samples, source_ip: string) =>
  samples.value('srcroute_source_events_total', { event: EVENT, source_ip }) ?? 0;
const total = (samples: Samples) => samples.sum('srcroute_events_total', { event: EVENT });
const rejected = (samples: Samples, reason: string) => samples.sum('srcroute_log_rejected_records_total', { reason });

describe('a log that is missing', () => {
  it.each([
    ['input.file', eventLine('198.51.100.1') + eventLine('198.51.100.2')],
    ['input.kmsg', eventRecord('198.51.100.1', 7) + eventRecord('198.51.100.2', 8)],
  ])('is waited for and read from its start (--%s)', async (flag, lines) => {
    const log = join(makeDirectory(), 'log');
    const exporter = await Exporter.start([`--${flag}=${log}`]);
    await expectDown(exporter, log);
    writeFileSync(log, lines);
    const samples = await exporter.until('its lines are counted', (now) => total(now) === 2);
    expect(sent(samples, '198.51.100.1')).toBe(1);
    await expectUp(exporter, log);
  });

  it('is waited for when it is a pipe', async () => {
    const directory = makeDirectory();
    const pipe = join(directory, 'kmsg');
    const exporter = await Exporter.start([`--input.kmsg=${pipe}`]);
    await expectDown(exporter, pipe);
    // Made beside it: a writer must not open a regular file in its place.
    run('mkfifo', [`${pipe}.new`]);
    renameSync(`${pipe}.new`, pipe);
    await expectUp(exporter, pipe);
    const writer = createWriteStream(pipe, { flags: 'w' });
    writer.on('error', () => {});
    onTestFinished(() => void writer.destroy());
    writer.write(eventRecord('198.51.100.1', 7) + eventRecord('198.51.100.2', 9));
    await exporter.until('its lines are counted', (now) => total(now) === 2);
    expect(await exporter.value('srcroute_log_lost_records_total', { input: pipe })).toBe(1);
    // The pipe stays open for the next writer.
    await new Promise((resolve) => writer.end(resolve));
    appendFileSync(pipe, eventRecord('198.51.100.3', 10));
    await exporter.until('the next writer is heard', (now) => sent(now, '198.51.100.3') === 1);
    expect(await exporter.stop()).toMatchObject({ code: 0 });
  });

  async function expectDown(exporter: Exporter, input: string): Promise<void> {
    await until('it says so', () => exporter.stderr.includes(`Cannot read ${input}: `));
    expect(await exporter.value('srcroute_log_up', { input })).toBe(0);
    expect((await exporter.get('/-/ready')).status).toBe(503);
    expect((await exporter.get('/-/healthy')).status).toBe(200);
  }

  async function expectUp(exporter: Exporter, input: string): Promise<void> {
    await exporter.until('it is read', (samples) => samples.value('srcroute_log_up', { input }) === 1);
    expect((await exporter.get('/-/ready')).status).toBe(200);
  }
});

it('is not stopped by garbage, and counts it', async () => {
  const log = join(makeDirectory(), 'kern.log');
  writeFileSync(log, '');
  const exporter = await Exporter.start([`--input.file=${log}`]);
  const binary = Buffer.from(Array.from({ length: 100_000 }, (_, index) => ((index * index) >> 3) % 256));
  const newlines = binary.filter((byte) => byte === 0x0a).length;
  appendFileSync(log, Buffer.concat([binary, Buffer.from('\n')]));
  appendFileSync(log, `${'x'.repeat(10_000_000)}\n`);
  appendFileSync(log, `${'\0'.repeat(5_000)}\n`);
  appendFileSync(log, eventLine('198.51.100.1').replace('\n', '\0\n'));
  appendFileSync(log, eventLine('198.51.100.2').replace('kernel: ', 'kernel: \ud83d\ude00 '));
  appendFileSync(log, '\n\r\n');
  appendFileSync(log, eventLine('198.51.100.3'));
  const samples = await exporter.until('the event behind it is counted', (now) => sent(now, '198.51.100.3') === 1);
  expect(total(samples)).toBe(1);
  expect(rejected(samples, 'oversize')).toBe(1);
  expect(rejected(samples, 'malformed')).toBe(newlines + 1 + 1 + 2);
  expect(rejected(samples, 'unrecognised')).toBe(2);
  expect(samples.value('srcroute_log_records_total', { input: log })).toBe(newlines + 1 + 1 + 1 + 2 + 2 + 1);
});

it('follows several files, and those that a glob comes to match', async () => {
  const directory = makeDirectory();
  const named = join(directory, 'kern.log');
  const first = join(directory, 'host-a.log');
  const later = join(directory, 'host-b.log');
  for (const file of [named, first]) writeFileSync(file, eventLine('198.51.100.9'));
  const exporter = await Exporter.start([`--input.file=${named}`, `--input.file=${directory}/host-*.log`]);
  appendFileSync(named, eventLine('198.51.100.1'));
  appendFileSync(first, eventLine('198.51.100.2'));
  writeFileSync(later, eventLine('198.51.100.3'));
  const samples = await exporter.until('all three are counted', (now) => total(now) >= 3);
  expect(sent(samples, '198.51.100.9')).toBe(0);
  for (const input of [named, first, later]) {
    expect(samples.value('srcroute_log_up', { input })).toBe(1);
    expect(samples.value('srcroute_log_records_total', { input })).toBe(1);
  }
});

it('begins at the start when asked', async () => {
  const log = join(makeDirectory(), 'kern.log');
  writeFileSync(log, eventLine('198.51.100.1'));
  const exporter = await Exporter.start([`--input.file=${log}`, '--input.from=start']);
  await exporter.until('what was there is counted', (samples) => sent(samples, '198.51.100.1') === 1);
});

it('follows a file through rename and truncation', async () => {
  const log = join(makeDirectory(), 'kern.log');
  writeFileSync(log, '');
  const exporter = await Exporter.start([`--input.file=${log}`]);
  appendFileSync(log, eventLine('198.51.100.1'));
  renameSync(log, `${log}.1`);
  appendFileSync(`${log}.1`, eventLine('198.51.100.2'));
  writeFileSync(log, eventLine('198.51.100.3'));
  await exporter.until('both files are counted', (samples) => total(samples) === 3);
  expect(await exporter.value('srcroute_log_reopens_total', { input: log })).toBe(1);
  truncateSync(log);
  await exporter.until('the truncation is seen', (samples) => samples.sum('srcroute_log_reopens_total') === 2);
  appendFileSync(log, eventLine('198.51.100.4'));
  const samples = await exporter.until('what follows is counted', (now) => sent(now, '198.51.100.4') === 1);
  expect(total(samples)).toBe(4);
});

describe('--log.events', () => {
  it('writes one line per event, with the raw line and nothing that could end or forge a line', async () => {
    const log = join(makeDirectory(), 'kern.log');
    writeFileSync(log, '');
    const exporter = await Exporter.start([`--input.file=${log}`, '--log.events']);
    const line =
      '2020-11-22T09:41:35.971413+00:00 host kernel: SRC ROUTE ATTEMPT: IN=e"0 OUT= MAC= SRC=2001:0db8:0bad:0000:0000:0000:0000:0070 DST=2001:0db8:0000:0001:0000:0000:0000:0001 LEN=75 \u001b[31m ';
    appendFileSync(log, `${line}\n`);
    await until('it is logged', () => exporter.stderr.includes('msg=Event'));
    const [logged = ''] = exporter.stderr.split('\n').filter((text) => text.includes('msg=Event'));
    // A temporary directory may have a name that is quoted.
    expect(logged.replace(/^time=\S+ /, '').replace(JSON.stringify(log), log)).toBe(
      `level=info msg=Event event=source_route_attempt source=2001:db8:bad::70 destination=2001:db8:0:1::1 interface=${JSON.stringify('e"0')} record_time=2020-11-22T09:41:35.971Z input=${log} raw=${JSON.stringify(line.trimEnd())}`,
    );
    expect(logged).not.toContain('\u001b');
  });

  it('writes at most 10 a second and counts the rest', async () => {
    const log = join(makeDirectory(), 'kern.log');
    writeFileSync(log, '');
    const exporter = await Exporter.start([`--input.file=${log}`, '--log.events']);
    appendFileSync(log, eventLine('198.51.100.1').repeat(1_000));
    const logged = () =>
      [...exporter.stderr.matchAll(/^time=(\S{19})\S* level=info msg=Event event=/gm)].map(([, second]) => second);
    const omitted = () =>
      [...exporter.stderr.matchAll(/msg="Events not logged" count=(\d+)/g)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    await until('every event is accounted for', () => logged().length + omitted() >= 1_000);
    expect(logged().length + omitted()).toBe(1_000);
    for (const second of new Set(logged())) {
      expect(logged().filter((other) => other === second).length).toBeLessThanOrEqual(10);
    }
  });
});
