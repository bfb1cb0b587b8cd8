import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadState, saveState } from '../../src/checkpoint/state-file.ts';
import { encodeState } from '../../src/checkpoint/state-format.ts';
import { asNobody, isNobodyHere } from '../as-nobody.ts';
import { sampleState } from './sample-state.ts';

const NOW = Date.parse('2026-11-22T12:00:00.250Z');

const STATS = {
  records: 1,
  lost: 0,
  reopens: 0,
  rejected: { userspace: 0, malformed: 0, oversize: 0, unrecognised: 0 },
  lastRecord: 0,
};

function makeFile(): { directory: string; file: string } {
  const directory = mkdtempSync(join(tmpdir(), 'srcroute-state-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { directory, file: join(directory, 'state.json') };
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('saving', () => {
  it('gives back what was saved last, and leaves nothing else behind', async () => {
    const { directory, file } = makeFile();
    for (const number of [1, 2, 3]) await saveState(file, sampleState(number));
    expect(loadState(file, NOW)).toEqual({ outcome: 'loaded', state: plain(sampleState(3)) });
    expect(readdirSync(directory)).toEqual(['state.json']);
  });

  it('makes a file that only its owner may read, whatever lies there', async () => {
    const { file } = makeFile();
    for (const path of [file, `${file}.new`]) {
      writeFileSync(path, 'x'.repeat(100_000));
      chmodSync(path, 0o666);
    }
    await saveState(file, sampleState(1));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadState(file, NOW).outcome).toBe('loaded');
  });

  it('writes what is true when it begins, whatever is counted while it writes', async () => {
    const { file } = makeFile();
    const state = { ...sampleState(1), inputs: { log: { stats: structuredClone(STATS) } } };
    const saving = saveState(file, state);
    state.inputs.log.stats.records = 2;
    await saving;
    expect(loadState(file, NOW)).toMatchObject({ state: { inputs: { log: { stats: { records: 1 } } } } });
  });

  it('that is not possible leaves the old file as it was', async () => {
    const { file } = makeFile();
    await saveState(file, sampleState(1));
    mkdirSync(`${file}.new`);
    await expect(saveState(file, sampleState(2))).rejects.toMatchObject({ code: 'EISDIR' });
    expect(loadState(file, NOW)).toEqual({ outcome: 'loaded', state: plain(sampleState(1)) });
  });

  it('never shows half a file', async () => {
    const { file } = makeFile();
    await saveState(file, sampleState(0));
    let saving = true;
    const writing = (async () => {
      for (let number = 1; number <= 30; number++) await saveState(file, sampleState(number));
      saving = false;
    })();
    let newest = 0;
    while (saving) {
      const loaded = loadState(file, NOW);
      if (loaded.outcome !== 'loaded') throw new Error(loaded.outcome);
      expect(loaded.state.ledger.suppressedMessages).toBeGreaterThanOrEqual(newest);
      newest = loaded.state.ledger.suppressedMessages;
      await new Promise(setImmediate);
    }
    await writing;
  });
});

describe('loading', () => {
  it('says that there is none', () => {
    expect(loadState(makeFile().file, NOW)).toEqual({ outcome: 'absent' });
  });

  it.each([
    ['damaged', encodeState(sampleState(1)).slice(0, -20)],
    ['damaged', ''],
    ['unsupported', encodeState(sampleState(1)).replace('"major":1', '"major":2')],
  ] as const)('sets aside what is %s', (outcome, text) => {
    const { directory, file } = makeFile();
    writeFileSync(file, text);
    const setAside = `${file}.bad-20261122T120000.250Z`;
    expect(loadState(file, NOW)).toEqual({ outcome, setAside });
    expect(readFileSync(setAside, 'utf8')).toBe(text);
    expect(readdirSync(directory)).toHaveLength(1);
    expect(loadState(file, NOW)).toEqual({ outcome: 'absent' });
  });

  it('keeps the last three that were set aside', () => {
    const { directory, file } = makeFile();
    writeFileSync(join(directory, 'other.json.bad-1'), '');
    for (let day = 1; day <= 5; day++) {
      writeFileSync(file, `bad ${day}`);
      loadState(file, NOW + day * 86_400_000);
    }
    const kept = readdirSync(directory).filter((name) => name.startsWith('state.json'));
    expect(kept.sort().map((name) => readFileSync(join(directory, name), 'utf8'))).toEqual(['bad 3', 'bad 4', 'bad 5']);
    expect(existsSync(join(directory, 'other.json.bad-1'))).toBe(true);
  });

  it('takes no notice of what a crash left half written', async () => {
    const { file } = makeFile();
    await saveState(file, sampleState(1));
    writeFileSync(`${file}.new`, encodeState(sampleState(2)).slice(0, 30));
    expect(loadState(file, NOW)).toEqual({ outcome: 'loaded', state: plain(sampleState(1)) });
  });

  it.each([
    [
      'a directory that does not exist',
      (directory: string) => join(directory, 'gone', 'state.json'),
      /its directory does not exist$/,
    ],
    [
      'a directory that is a file',
      (directory: string) => join(directory, 'file', 'state.json'),
      /ENOTDIR|not a directory/,
    ],
    ['a directory in its place', (directory: string) => directory, /EISDIR$/],
  ])('refuses %s in one line that names it', (_, place, reason) => {
    const { directory } = makeFile();
    writeFileSync(join(directory, 'file'), '');
    const file = place(directory);
    const load = () => loadState(file, NOW);
    expect(load).toThrow(reason);
    expect(load).toThrow(`Cannot use "${file}": `);
    expect(load).not.toThrow(/\n/);
  });

  it.runIf(isNobodyHere())('refuses a file that may not be read', async () => {
    const { directory, file } = makeFile();
    await saveState(file, sampleState(1));
    chmodSync(directory, 0o755);
    chmodSync(file, 0o000);
    asNobody(() => expect(() => loadState(file, NOW)).toThrow(`Cannot use "${file}": EACCES`));
    // It is not damaged: whoever may read it finds it as it was.
    chmodSync(file, 0o600);
    expect(loadState(file, NOW).outcome).toBe('loaded');
  });
});
