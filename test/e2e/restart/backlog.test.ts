import { appendFileSync, closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { eventLine } from '../event-lines.ts';
import { Exporter, type Start } from '../exporter.ts';
import { Cleanups, makeDirectory } from '../tools.ts';
import { until } from '../until.ts';

const GIGABYTES = Number(process.env.SRCROUTE_BACKLOG_GB ?? 1);
const MIB = 2 ** 20;
const ANSWER_WITHIN_MS = 1_000;
const STOP_WITHIN_MS = 2_000;
/** A process that does nothing has some 60 MB. */
const MAX_RSS_MB = 200;

/** One event in a hundred lines, as in a busy log. */
function block(): { text: string; events: number } {
  const other =
    '2026-11-22T09:41:35.971413+00:00 host app[123]: something else that happened here, and what came of it\n';
  let text = '';
  let events = 0;
  while (text.length < MIB - 20_000) {
    text += other.repeat(99) + eventLine(`198.51.100.${events % 50}`);
    events += 1;
  }
  return { text, events };
}

function writeLog(path: string, blocks: number): number {
  const { text, events } = block();
  const bytes = Buffer.from(text);
  const fd = openSync(path, 'a');
  for (let count = 0; count < blocks; count++) writeSync(fd, bytes);
  closeSync(fd);
  return events * blocks;
}

describe(`a backlog of ${GIGABYTES} GB`, () => {
  const cleanups = new Cleanups();
  let directory: string;
  let log: string;
  let events: number;

  beforeAll(async () => {
    directory = makeDirectory(cleanups.add);
    log = join(directory, 'kern.log');
    // A former process knew the log when it was new.
    writeFileSync(log, eventLine('203.0.113.1'));
    const former = await start('state.json');
    await former.stop();
    events = 1 + writeLog(log, GIGABYTES * 1_024);
  }, 300_000);
  afterAll(() => cleanups.run());

  function start(state: string, how: Start = {}): Promise<Exporter> {
    const flags = [`--input.file=${log}`, '--input.from=start', `--state.file=${join(directory, state)}`];
    return Exporter.start(flags, { cleanup: cleanups.add, ...how });
  }

  it(
    'is read while requests are answered within a second, in bounded memory',
    async () => {
      const exporter = await start('state.json');
      const statuses: number[] = [];
      let slowest = 0;
      const begin = performance.now();
      await until(
        'all is read',
        async () => {
          for (const path of ['/metrics', '/-/healthy', '/-/ready', '/']) {
            const asked = performance.now();
            const { status } = await exporter.get(path);
            slowest = Math.max(slowest, performance.now() - asked);
            if (path === '/metrics') statuses.push(status);
            if (path === '/-/healthy') expect(status).toBe(200);
          }
          return statuses.at(-1) === 200 && (await exporter.samples()).sum('srcroute_events_total') === events;
        },
        GIGABYTES * 60_000,
      );
      const seconds = (performance.now() - begin) / 1_000;
      const rss = Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${exporter.pid}/status`, 'utf8'))?.[1]) / 1_024;
      console.log(`read in ${seconds.toFixed(1)} s, slowest answer ${slowest.toFixed(0)} ms, ${rss.toFixed(0)} MB`);
      expect(statuses[0]).toBe(503);
      // Once it answers, it goes on answering.
      if (seconds < 60) expect(statuses.slice(statuses.indexOf(200))).not.toContain(503);
      expect(slowest).toBeLessThan(ANSWER_WITHIN_MS);
      expect(rss).toBeLessThan(MAX_RSS_MB);
      expect(await exporter.value('srcroute_log_unread_bytes', { input: log })).toBe(0);
      expect((await exporter.stop()).code).toBe(0);
    },
    GIGABYTES * 70_000,
  );

  it(
    'that is still being read does not delay a stop, and what was read is not read again',
    async () => {
      const exporter = await start('state-2.json');
      await until('it reads', async () => (await exporter.get('/metrics')).status === 503);
      const { code, milliseconds } = await exporter.stop();
      expect(code).toBe(0);
      expect(milliseconds).toBeLessThan(STOP_WITHIN_MS);
      const { state } = JSON.parse(readFileSync(join(directory, 'state-2.json'), 'utf8'));
      const { position, stats } = state.inputs[log];
      expect(position.files[0].offset).toBeLessThan(statSync(log).size);
      expect(stats.records).toBeGreaterThan(0);
      const next = await start('state-2.json');
      await until(
        'all is read once',
        async () => (await next.samples()).sum('srcroute_events_total') === events,
        GIGABYTES * 60_000,
      );
      await next.stop();
    },
    GIGABYTES * 70_000,
  );
});

describe('SIGTERM', () => {
  const REQUEST = 'GET /metrics HTTP/1.1\r\nHost: x\r\n';

  async function follow(): Promise<{ exporter: Exporter; log: string; state: string }> {
    const directory = makeDirectory();
    const [log, state] = [join(directory, 'kern.log'), join(directory, 'state.json')];
    writeFileSync(log, '');
    // Nothing is saved but at the end.
    const exporter = await Exporter.start([`--input.file=${log}`, `--state.file=${state}`, '--state.interval=1h']);
    await exporter.until('it follows', (samples) => samples.sum('srcroute_log_up') === 1);
    return { exporter, log, state };
  }

  async function expectStopped({
    exporter,
    log,
    state,
  }: {
    exporter: Exporter;
    log: string;
    state: string;
  }): Promise<void> {
    const { code, milliseconds } = await exporter.stop();
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(STOP_WITHIN_MS);
    const { position } = JSON.parse(readFileSync(state, 'utf8')).state.inputs[log];
    expect(position.files[0].offset).toBe(statSync(log).size);
  }

  it('when idle saves all', async () => {
    const all = await follow();
    appendFileSync(all.log, eventLine('198.51.100.1'));
    await all.exporter.until('it is counted', (samples) => samples.sum('srcroute_events_total') === 1);
    await expectStopped(all);
  });

  it.each([
    { client: 'that reads slowly', send: `${REQUEST}\r\n`.repeat(500) },
    { client: 'that is half open', send: REQUEST },
    { client: 'that says nothing', send: '' },
  ])('with a client $client saves all', async ({ send }) => {
    const all = await follow();
    const socket = connect(all.exporter.port, '127.0.0.1');
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.pause();
    socket.write(send);
    appendFileSync(all.log, eventLine('198.51.100.1'));
    await all.exporter.until('it is counted', (samples) => samples.sum('srcroute_events_total') === 1);
    await expectStopped(all);
  });

  it('twice, and an interrupt, are one', async () => {
    const all = await follow();
    appendFileSync(all.log, eventLine('198.51.100.1'));
    await all.exporter.until('it is counted', (samples) => samples.sum('srcroute_events_total') === 1);
    process.kill(all.exporter.pid, 'SIGINT');
    await expectStopped(all);
  });
});
