import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { event, HEADER, Scan } from '../e2e/scan-process.ts';
import { makeDirectory } from '../e2e/tools.ts';
import { sized } from '../test-run.ts';

const GIGABYTES = sized({ quick: 1, real: 5, long: 10 });

describe('scan', () => {
  it(`reads ${GIGABYTES} GB of one line, and a million addresses, in bounded memory`, async () => {
    const directory = makeDirectory();
    const line = openSync(`${directory}/line`, 'w');
    ftruncateSync(line, GIGABYTES * 1e9);
    writeSync(line, `\n${event(1)}`, GIGABYTES * 1e9);
    closeSync(line);
    const flood = openSync(`${directory}/flood`, 'w');
    for (let block = 0; block < 20; block++) {
      const lines = Array.from({ length: 50_000 }, (_, n) => {
        const host = block * 50_000 + n;
        return `${HEADER}IPv4: source route option ${10 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}.1 -> 192.0.2.1\n`;
      });
      writeSync(flood, lines.join(''));
    }
    closeSync(flood);
    const scan = new Scan(['--format=json', `${directory}/line`, `${directory}/flood`]);
    const peak = await scan.peakMb();
    expect(await scan.ended).toBe(0);
    expect(scan.report.rejected_records.oversize).toBe(1);
    expect(scan.report.events[2]?.total).toBe(1_000_001);
    expect(peak).toBeGreaterThan(30);
    expect(peak).toBeLessThanOrEqual(100);
  });
});
