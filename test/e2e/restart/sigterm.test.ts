import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventLine } from '../event-lines.ts';
import { Exporter } from '../exporter.ts';
import { makeDirectory } from '../tools.ts';

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
    expect(await exporter.stop()).toMatchObject({ code: 0 });
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
