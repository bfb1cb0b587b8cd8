import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventLine } from '../e2e/event-lines.ts';
import { Exporter, type Start } from '../e2e/exporter.ts';
import { Cleanups, makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';
import { sized } from '../test-run.ts';

const GIGABYTES = sized({ quick: 0.5, real: 1, long: 5 });
/** A slow machine is slow here, too. */
const CAUGHT_UP_WITHIN_MS = 280_000;
const MIB = 2 ** 20;
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
    events = 1 + writeLog(log, Math.round(GIGABYTES * 1_024));
  });
  afterAll(() => cleanups.run());

  function start(state: string, how: Start = {}): Promise<Exporter> {
    const flags = [`--input.file=${log}`, '--input.from=start', `--state.file=${join(directory, state)}`];
    return Exporter.start(flags, { cleanup: cleanups.add, ...how });
  }

  /** Does what must be done while the exporter still reads. Where it was faster than a busy machine let us act, it gets more to read. */
  async function whileItReads<T>(act: () => Promise<T | undefined>): Promise<T> {
    for (let times = 0; times < 5; times++) {
      const done = await act();
      if (done !== undefined) return done;
      events += writeLog(log, Math.round(GIGABYTES * 1_024));
    }
    throw new Error('It has always read all before');
  }

  it('is read while requests are answered, in bounded memory', async () => {
    const exporter = await whileItReads(async () => {
      const started = await start('state.json');
      if ((await started.get('/metrics')).status === 503) return started;
      await started.stop();
      return undefined;
    });
    const statuses: number[] = [];
    await until(
      'all is read',
      async () => {
        for (const path of ['/metrics', '/-/healthy', '/-/ready', '/']) {
          const { status } = await exporter.get(path);
          if (path === '/metrics') statuses.push(status);
          if (path === '/-/healthy') expect(status).toBe(200);
        }
        return statuses.at(-1) === 200 && (await exporter.samples()).sum('srcroute_events_total') === events;
      },
      CAUGHT_UP_WITHIN_MS,
    );
    const rss = Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${exporter.pid}/status`, 'utf8'))?.[1]) / 1_024;
    // Once it answers, it goes on answering.
    expect(statuses.slice(statuses.indexOf(200))).not.toContain(503);
    expect(rss).toBeLessThan(MAX_RSS_MB);
    expect(await exporter.value('srcroute_log_unread_bytes', { input: log })).toBe(0);
    expect((await exporter.stop()).code).toBe(0);
  });

  it('that is still being read does not delay a stop, and what was read is not read again', async () => {
    const records = await whileItReads(async () => {
      const exporter = await start('state-2.json');
      await exporter.get('/metrics');
      expect(await exporter.stop()).toMatchObject({ code: 0 });
      const { state } = JSON.parse(readFileSync(join(directory, 'state-2.json'), 'utf8'));
      const { position, stats } = state.inputs[log];
      return position.files[0].offset < statSync(log).size ? stats.records : undefined;
    });
    expect(records).toBeGreaterThan(0);
    const next = await start('state-2.json');
    await until(
      'all is read once',
      async () => (await next.samples()).sum('srcroute_events_total') === events,
      CAUGHT_UP_WITHIN_MS,
    );
    await next.stop();
  });
});
