import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listeningSockets } from '../e2e/attack.ts';
import { Exporter } from '../e2e/exporter.ts';
import { describeReal } from '../e2e/required.ts';
import { type Cleanup, makeDirectory } from '../e2e/tools.ts';

describeReal('its sockets', { commands: ['ss'] }, () => {
  it('are those it was told to listen on', async () => {
    const exporter = await start();
    expect(listeningSockets(exporter.pid)).toEqual([exporter.address]);
  });
});

async function start(flags: readonly string[] = [], cleanup: Cleanup = onTestFinished): Promise<Exporter> {
  const log = join(makeDirectory(cleanup), 'kern.log');
  writeFileSync(log, '');
  return Exporter.start([`--input.file=${log}`, ...flags], { cleanup });
}
