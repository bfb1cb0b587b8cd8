import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { LogTotals } from '../../../src/scan/files/log-totals.ts';
import { lineStartFrom, scanPart } from '../../../src/scan/files/scan-part.ts';
import { LineJudge } from '../../../src/scan/lines/line-judge.ts';
import { LineScanner } from '../../../src/scan/lines/line-scanner.ts';

const directory = mkdtempSync(join(tmpdir(), 'srcroute-scan-'));
afterAll(() => rmSync(directory, { recursive: true }));
const path = join(directory, 'log');

const judge = new LineJudge(['SRC ROUTE ATTEMPT: '], Date.parse('2026-11-24T12:00:00Z'));

/** Scans a file in parts cut at or after some places, which are scanned in some order. */
function scan(text: string, cuts: readonly number[], isBackwards: boolean) {
  writeFileSync(path, text, 'latin1');
  const fd = openSync(path, 'r');
  try {
    const starts = [
      0,
      ...cuts.toSorted((a, b) => a - b).map((cut) => lineStartFrom(fd, Math.max(1, cut), text.length) ?? text.length),
    ];
    const ranges = starts.map((start, index) => [start, starts[index + 1] ?? text.length] as const);
    const scanner = new LineScanner(judge);
    const found: string[] = [];
    const scanRange = ([start, end]: readonly [number, number]) =>
      scanPart(fd, start, end, scanner, { onEvent: (sighting) => void found.push(JSON.stringify(sighting)) });
    const parts = isBackwards ? ranges.toReversed().map(scanRange).toReversed() : ranges.map(scanRange);
    const totals = new LogTotals(judge.kinds);
    for (const { result, bytes } of parts) totals.add(result, bytes);
    const { tally, bytes, unfinishedBytes } = totals;
    return { tally, bytes, unfinishedBytes, found: found.sort() };
  } finally {
    closeSync(fd);
  }
}

const piece = fc.constantFrom(
  'Nov 22 09:41:35 host kernel: IPv4: source route option 198.51.100.20 -> 192.0.2.1\n',
  'Nov 22 09:41:35 host kernel: message repeated 3 times: [ IPv4: source route option 198.51.100.20 -> 192.0.2.1]\n',
  '6,41,82740959,-;IPv4: source route option 198.51.100.21 -> 192.0.2.1\n SUBSYSTEM=net\n DEVICE=+pci:0\n',
  '6,47,82740959,-;eth0: up\n',
  '[    1.000000] multi\n               line\n',
  ' no record\n',
  '\n',
  `Nov 22 09:41:35 host kernel: ${'x'.repeat(70_000)}\n`,
  `${'y'.repeat(4094)}\n`,
  `${'y'.repeat(4095)}\n`,
  ` ${'y'.repeat(4095)}\n`,
  'junk\n',
  'an end is missing',
);

describe('parts of a file', () => {
  it('hold together what the file holds, wherever it is cut, in whatever order they are scanned', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
        fc.boolean(),
        (text, shares, isBackwards) => {
          const cuts = shares.map((share) => Math.floor(share * text.length));
          expect(scan(text, cuts, isBackwards)).toEqual(scan(text, [], false));
        },
      ),
      { numRuns: 200 },
    );
  });
});
