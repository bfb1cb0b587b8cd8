import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockState } from '../../src/checkpoint/state-lock.ts';

const BUILT = new URL('../../dist/checkpoint/state-lock.js', import.meta.url);

function makeFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'srcroute-lock-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'state.json');
}

function* endless() {
  for (;;) yield Buffer.alloc(64 * 1024, '1');
}

async function take(file: string, pid: number): Promise<{ close(): void }> {
  const lock = await lockState(file, pid);
  onTestFinished(() => lock.close());
  return lock;
}

describe('the lock of a state file', () => {
  it('is refused to a second, who is told the pid of the first', async () => {
    const file = makeFile();
    await take(file, 4_711);
    await expect(lockState(file, 1)).rejects.toThrow(
      `Cannot use "${file}": another exporter uses it (pid 4711); give each its own`,
    );
  });

  it('is of the file, not of its path or its directory', async () => {
    const file = makeFile();
    await take(file, 1);
    await take(`${file}.other`, 2);
    await expect(lockState(join(file, '..', '.', 'state.json'), 3)).rejects.toThrow('(pid 1)');
  });

  it('is free when it was given back', async () => {
    const file = makeFile();
    const lock = await take(file, 1);
    lock.close();
    await take(file, 2);
  });

  it('leaves nothing on the disk', async () => {
    const file = makeFile();
    await take(file, 1);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['says too much', (socket: Socket) => void pipeline(Readable.from(endless()), socket, () => {})],
    ['says nothing', () => {}],
    ['says no number', (socket: Socket) => void socket.end('me\n')],
  ])('is refused by whoever has taken its name and %s, and that is all', async (_, say) => {
    const file = makeFile();
    const { dev, ino } = statSync(join(file, '..'));
    const squatter = createServer((socket) => {
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      say(socket);
    });
    squatter.listen(`\0srcroute-exporter-state:${dev}:${ino}:state.json`);
    await once(squatter, 'listening');
    onTestFinished(() => void squatter.close());
    await expect(lockState(file, 1)).rejects.toThrow('another exporter uses it (pid unknown)');
  });

  it('is not held up by who connects to it and says nothing', async () => {
    const file = makeFile();
    const lock = await take(file, 1);
    const { dev, ino } = statSync(join(file, '..'));
    const client = createConnection(`\0srcroute-exporter-state:${dev}:${ino}:state.json`);
    onTestFinished(() => void client.destroy());
    expect(await text(client)).toBe('1\n');
    lock.close();
    await take(file, 2);
  });

  it.runIf(existsSync(BUILT))('is free when its holder is killed, however it was', async () => {
    const file = makeFile();
    const child = hold(file);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    // On a busy machine it may be too late to say who it is.
    await expect.poll(() => lockState(file, 1).catch(String)).toContain(`(pid ${child.pid})`);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    await take(file, 1);
  });

  it.runIf(existsSync(BUILT))('is refused although its holder is stopped and cannot say who it is', async () => {
    const file = makeFile();
    const child = hold(file);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGSTOP');
    await expect(lockState(file, 1)).rejects.toThrow('another exporter uses it (pid unknown)');
  });

  it('cannot be taken where there is no directory', async () => {
    await expect(lockState(join(makeFile(), 'gone', 'state.json'), 1)).rejects.toThrow();
  });
});

/** A process that holds the lock until it is killed. */
function hold(file: string): ChildProcess {
  const program = `import { lockState } from ${JSON.stringify(BUILT.href)};
await lockState(${JSON.stringify(file)}, process.pid);
setInterval(() => {}, 1_000);
console.log('held');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
