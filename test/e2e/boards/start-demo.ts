import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Cleanup, ENVIRONMENT } from '../tools.ts';
import { until } from '../until.ts';

const DEMO = fileURLToPath(new URL('../../../demo/demo.mjs', import.meta.url));

/** Starts the demo on a free port until the test ends; gives where its exporter listens, `host:port`. */
export async function startDemo(cleanup: Cleanup = onTestFinished): Promise<string> {
  const child = spawn(process.execPath, [DEMO, '--web.listen-address=127.0.0.1:0'], {
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // Asked to, it ends its exporter and takes its files away.
  cleanup(() => {
    child.kill('SIGTERM');
    return ended;
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return until('the demo listens', () => {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${stderr}`);
    return /msg=Listening address=(\S+)$/m.exec(stderr)?.[1];
  });
}
