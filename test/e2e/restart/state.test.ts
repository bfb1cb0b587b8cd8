import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventLine } from '../event-lines.ts';
import { Exporter, runProgram, type Samples } from '../exporter.ts';
import { makeDirectory } from '../tools.ts';

const FIRST_RELEASE = new URL('../../fixtures/state/0.1.0.json', import.meta.url);

interface Place {
  readonly directory: string;
  readonly log: string;
  readonly state: string;
  readonly flags: readonly string[];
}

function makePlace(directory = makeDirectory()): Place {
  const log = join(directory, 'kern.log');
  const state = join(directory, 'state.json');
  return { directory, log, state, flags: [`--input.file=${log}`, `--state.file=${state}`, '--state.interval=50ms'] };
}

const events = (exporter: Exporter) => exporter.samples().then((samples) => samples.sum('srcroute_events_total'));
const loads = (exporter: Exporter, outcome: string) => exporter.value('srcroute_state_loads_total', { outcome });

/** An exporter that has counted some events and stopped. */
async function leaveState(place: Place, count = 3): Promise<void> {
  writeFileSync(place.log, '');
  const exporter = await Exporter.start(place.flags);
  appendFileSync(place.log, eventLine('198.51.100.1').repeat(count));
  await exporter.until('they are counted', (samples) => samples.sum('srcroute_events_total') === count);
  expect(await exporter.stop()).toMatchObject({ code: 0 });
}

describe('a clean stop', () => {
  it('leaves all that was counted, in a file of its owner alone', async () => {
    const place = makePlace();
    await leaveState(place);
    expect(statSync(place.state).mode & 0o777).toBe(0o600);
    expect(readdirSync(place.directory).sort()).toEqual(['kern.log', 'state.json']);
    appendFileSync(place.log, eventLine('198.51.100.2'));
    const exporter = await Exporter.start(place.flags);
    await exporter.until('there is one more', (samples) => samples.sum('srcroute_events_total') === 4);
    expect(await loads(exporter, 'loaded')).toBe(1);
  });

  it('writes no state when nothing has changed', async () => {
    const place = makePlace();
    await leaveState(place);
    const exporter = await Exporter.start(place.flags);
    await exporter.until('the first checkpoint is there', (samples) => samples.sum('srcroute_state_saves_total') === 1);
    const { ino } = statSync(place.state);
    await exporter.stop();
    expect(statSync(place.state).ino).toBe(ino);
  });
});

describe('a state file', () => {
  it.each([
    { what: 'cut off', outcome: 'damaged', damage: (text: string) => text.slice(0, text.length / 2) },
    { what: 'empty', outcome: 'damaged', damage: () => '' },
    { what: 'altered', outcome: 'damaged', damage: (text: string) => text.replace(/"count":\d/, '"count":9') },
    { what: 'of another program', outcome: 'damaged', damage: () => '{"hello":"world"}\n' },
    {
      what: 'of another major version',
      outcome: 'unsupported',
      damage: (text: string) => text.replace('"major":1', '"major":2'),
    },
  ])('that is $what is set aside with a warning', async ({ outcome, damage }) => {
    const place = makePlace();
    await leaveState(place);
    const bad = damage(readFileSync(place.state, 'utf8'));
    writeFileSync(place.state, bad);
    const exporter = await Exporter.start(place.flags);
    await exporter.until('it follows the log', (samples) => samples.sum('srcroute_log_up') === 1);
    expect(await loads(exporter, outcome)).toBe(1);
    expect(await events(exporter)).toBe(0);
    expect(exporter.stderr.match(/level=warn msg="Saved state cannot be used/g)).toHaveLength(1);
    const aside = readdirSync(place.directory).filter((name) => name.includes('.bad-'));
    expect(aside.map((name) => readFileSync(join(place.directory, name), 'utf8'))).toEqual([bad]);
    appendFileSync(place.log, eventLine('198.51.100.9'));
    await exporter.until('it counts', (samples) => samples.sum('srcroute_events_total') === 1);
  });

  it('is one exporter’s: a second ends with 2 and names the first', async () => {
    const place = makePlace();
    writeFileSync(place.log, '');
    const first = await Exporter.start(place.flags);
    // On a busy machine the first may be too late to say who it is.
    await expect
      .poll(async () => {
        const { code, stderr } = await runProgram(['--web.listen-address=127.0.0.1:0', ...place.flags]);
        return { code, stderr };
      })
      .toEqual({
        code: 2,
        stderr: `srcroute-exporter: --state.file: Cannot use "${place.state}": another exporter uses it (pid ${first.pid}); give each its own\n`,
      });
    // However the first ends, its place is free.
    await first.kill();
    const third = await Exporter.start(place.flags);
    expect(await third.stop()).toMatchObject({ code: 0 });
  });

  it.each([
    { what: 'in a directory that does not exist', file: (directory: string) => join(directory, 'gone', 'state.json') },
    { what: 'in a file', file: (directory: string) => join(directory, 'kern.log', 'state.json') },
    { what: 'a directory', file: (directory: string) => join(directory, 'taken') },
  ])('that is $what ends it with 2 and one line', async ({ file }) => {
    const { directory, log } = makePlace();
    writeFileSync(log, '');
    mkdirSync(join(directory, 'taken'));
    const path = file(directory);
    const { code, stderr } = await runProgram([
      '--web.listen-address=127.0.0.1:0',
      `--input.file=${log}`,
      `--state.file=${path}`,
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^srcroute-exporter: --state\.file: [^\n]+\n$/);
    expect(stderr).toContain(path);
  });
});

/** What tests touch of a state file. */
interface StateFile {
  sha256: string;
  readonly state: {
    ledger: { events: Record<string, { totals: unknown[] } & Record<string, unknown>> } & Record<string, unknown>;
    inputs: Record<string, Record<string, unknown>>;
  } & Record<string, unknown>;
}

/** Changes what a state file holds, as another process might have written it. */
function edit(file: string, change: (state: StateFile['state']) => void): void {
  const all = JSON.parse(readFileSync(file, 'utf8')) as StateFile;
  change(all.state);
  all.sha256 = createHash('sha256').update(JSON.stringify(all.state)).digest('hex');
  writeFileSync(file, JSON.stringify(all));
}

describe('another release of the same major version', () => {
  const read = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as StateFile).state;

  it('finds what it alone knows again, after this one ran in between', async () => {
    const place = makePlace();
    await leaveState(place);
    edit(place.state, (state) => {
      state.later = { list: [1, 2] };
      state.ledger.later = 'x';
      for (const event of Object.values(state.ledger.events)) event.later = { deep: true };
      for (const input of Object.values(state.inputs)) input.later = 7;
      state.inputs['/a/log/that/is/not/followed/now'] = { stats: {}, later: 8 };
      state.ledger.events.an_event_of_later = { totals: [], count: 5 };
    });
    const exporter = await Exporter.start(place.flags);
    appendFileSync(place.log, eventLine('198.51.100.1'));
    await exporter.until('all is counted', (samples) => samples.sum('srcroute_events_total') === 4);
    expect(await exporter.stop()).toMatchObject({ code: 0 });
    const state = read(place.state);
    expect(state).toMatchObject({ later: { list: [1, 2] }, ledger: { later: 'x' } });
    expect(state.ledger.events.source_route_option).toMatchObject({ later: { deep: true } });
    expect(state.ledger.events.an_event_of_later).toEqual({ totals: [], count: 5 });
    expect(state.inputs[place.log]).toMatchObject({ later: 7, stats: { records: 4 } });
    expect(state.inputs['/a/log/that/is/not/followed/now']).toEqual({ stats: {}, later: 8 });
  });

  it('may tell origins apart that this one does not know', async () => {
    const place = makePlace();
    await leaveState(place);
    edit(place.state, ({ ledger }) => {
      ledger.events.source_route_option?.totals.push({ family: 'ipv4', origin: 'of_later', count: 2 });
    });
    const exporter = await Exporter.start(place.flags);
    await exporter.until('what it knows is there', (samples) => samples.sum('srcroute_events_total') >= 3);
  });
});

describe('the state file of the first release', () => {
  const KNOWN = '--sources.known=203.0.113.0/24=scanner';

  async function load({ flags }: Place): Promise<Samples> {
    const exporter = await Exporter.start([...flags, KNOWN]);
    const samples = await exporter.until('it is loaded', (now) => now.sum('srcroute_state_loads_total') === 1);
    expect(samples.value('srcroute_state_loads_total', { outcome: 'loaded' })).toBe(1);
    const counted = samples
      .of('srcroute_events_total')
      .filter(({ value }) => value > 0)
      .map(({ labels, value }) => `${labels.event} ${labels.family} ${labels.origin} ${value}`);
    expect(counted.sort()).toEqual([
      'icmpv6_no_reply ipv6 external 1',
      'icmpv6_no_reply ipv6 unknown 1',
      'source_route_attempt ipv4 external 1',
      'source_route_attempt ipv6 external 1',
      'source_route_failed ipv4 external 1',
      'source_route_option ipv4 external 130',
      'source_route_option ipv4 known 5',
    ]);
    expect(samples.value('srcroute_kernel_suppressed_messages_total')).toBe(17);
    return samples;
  }

  it('gives back what was counted then', async () => {
    const place = makePlace();
    copyFileSync(FIRST_RELEASE, place.state);
    // Saved a moment ago, whatever day it is: sources are still named.
    edit(place.state, ({ ledger }) => {
      ledger.savedAt = Date.now() / 1_000;
    });
    const samples = await load(place);
    const source = (event: string, source_ip: string) =>
      samples.value('srcroute_source_events_total', { event, source_ip });
    expect(source('source_route_attempt', '2001:db8:bad::70')).toBe(1);
    expect(source('source_route_option', '203.0.113.9')).toBe(5);
    expect(samples.sum('srcroute_source_events_total', { event: 'source_route_option' })).toBe(135);
  });

  it('names nobody after years, and loses no count', async () => {
    const place = makePlace();
    copyFileSync(FIRST_RELEASE, place.state);
    edit(place.state, ({ ledger }) => {
      ledger.savedAt = Date.now() / 1_000 - 3 * 365 * 86_400;
    });
    const samples = await load(place);
    const event = 'source_route_option';
    const sources = samples.of('srcroute_source_events_total', { event });
    expect(sources).toMatchObject([{ labels: { source_ip: 'other' }, value: 105 }]);
    expect(samples.value('srcroute_expired_source_events_total', { event })).toBe(30);
  });
});
