import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { HOSTS } from '../fixtures/hosts/hosts.ts';
import { type Host, makeHost } from '../fixtures/hosts/make-host.ts';
import { PROGRAM } from './exporter.ts';

/** More than a pipe holds (64 KiB, pipe(7)). */
const CHECK = ['check', '--format=json', '--sysctl.interfaces-max=1000'];

it('a reader that is slow gets the whole output', async () => {
  const child = spawn('sh', [
    '-c',
    '"$@" | { sleep 2; cat; }',
    'sh',
    process.execPath,
    PROGRAM,
    ...CHECK,
    ...makeHost(HOSTS['100-veths'] as Host),
  ]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  await once(child, 'close');
  expect(text.length).toBeGreaterThan(2 ** 16);
  expect(JSON.parse(text)).toMatchObject({ verdict: 'violating' });
});
