import { describe, expect, it } from 'vitest';
import { eventKinds } from '../../../src/event/kinds.ts';
import { LogTotals } from '../../../src/scan/files/log-totals.ts';
import { gatherCrew } from '../../../src/scan/files/scan-crew.ts';
import { scanStream } from '../../../src/scan/files/scan-stream.ts';

const PREFIXES = ['SRC ROUTE ATTEMPT: '];
const LINE = 'Nov 22 09:41:35 host kernel: IPv4: source route option 192.0.2.9 -> 192.0.2.1';

async function scan(chunks: readonly string[], isFinal: boolean) {
  const events: string[] = [];
  const crew = gatherCrew({
    logPrefixes: PREFIXES,
    bits: { ipv4SubnetBits: 24, ipv6SubnetBits: 64 },
    nowMs: Date.parse('2026-11-23T12:00:00Z'),
    signal: new AbortController().signal,
    onEvent: ({ event }) => events.push(event.source ?? ''),
    onProgress: () => {},
    isHelped: false,
  });
  const totals = new LogTotals(eventKinds(PREFIXES));
  const stream = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  })();
  await scanStream(stream, crew, totals, { isFinal });
  const { bytes, unfinishedBytes, tally } = totals;
  return { events: events.length, bytes, unfinishedBytes, records: tally.records };
}

describe('a last line without a line end', () => {
  it('is whole where nothing more can come', async () => {
    expect(await scan([`${LINE}\n${LINE}`], true)).toEqual({
      events: 2,
      bytes: 2 * LINE.length + 1,
      unfinishedBytes: 0,
      records: 2,
    });
  });

  it('is left where it may be in the middle of being written', async () => {
    expect(await scan([`${LINE}\n`, LINE], false)).toMatchObject({
      events: 1,
      unfinishedBytes: LINE.length,
      records: 1,
    });
  });

  it.each([[[]], [['']], [[`${LINE}\n`]], [[LINE, '\n']]])('is not made up of %j', async (chunks) => {
    const lines = chunks.join('') === '' ? 0 : 1;
    expect(await scan(chunks, true)).toMatchObject({ events: lines, unfinishedBytes: 0, records: lines });
  });
});
