import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Administrators' tools are not on everybody's PATH. */
export const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`, LC_ALL: 'C' };

/** What is called when what was made must go again: a test's `onTestFinished`, or the list of a suite. */
export type Cleanup = (undo: () => void | Promise<void>) => unknown;

/** Undoes in reverse order at the end of a suite, everything, whatever fails. */
export class Cleanups {
  readonly #undos: (() => void | Promise<void>)[] = [];
  readonly add: Cleanup = (undo) => void this.#undos.push(undo);

  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (const undo of this.#undos.splice(0).reverse()) {
      try {
        await undo();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Cannot clean up');
  }
}

/** Runs a command that ends soon; gives its standard output. Throws when it fails. */
export function run(command: string, args: readonly string[], input?: string | Buffer): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    env: ENVIRONMENT,
    encoding: 'utf8',
    timeout: 120_000,
    ...(input !== undefined && { input }),
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} gave ${status}: ${stderr}${stdout}`, { cause: error });
  }
  return stdout;
}

/** The same without stopping everything else of this process. */
export async function runBeside(command: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(command, args, { env: ENVIRONMENT, stdio: 'pipe' });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  // One that ends without reading says so by its exit.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} gave ${code}: ${stderr}${stdout}`);
  return stdout;
}

/** A directory of one's own that every user may look into; removed at the end. */
export function makeDirectory(cleanup: Cleanup = onTestFinished): string {
  const directory = mkdtempSync(join(tmpdir(), 'srcroute-e2e-'));
  chmodSync(directory, 0o755);
  cleanup(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
