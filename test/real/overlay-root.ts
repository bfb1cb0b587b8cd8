import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cleanup, ENVIRONMENT, makeDirectory } from '../e2e/tools.ts';

const SCRIPT = fileURLToPath(new URL('overlay-root.sh', import.meta.url));
const STUBS = fileURLToPath(new URL('stubs', import.meta.url));
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A host to try commands on as root, with files, network and firewall of its own, which go with the test. */
export class OverlayRoot {
  readonly #directory: string;
  readonly #pid: number;

  private constructor(directory: string, pid: number) {
    this.#directory = directory;
    this.#pid = pid;
  }

  static async start(cleanup: Cleanup): Promise<OverlayRoot> {
    const directory = makeDirectory(cleanup);
    const child = spawn(SCRIPT, [directory, STUBS, PROJECT, dirname(process.execPath)], {
      env: ENVIRONMENT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.on('error', () => {});
    const ended = once(child, 'close');
    cleanup(async () => {
      child.stdin.end();
      await ended;
    });
    await Promise.race([
      once(child.stdout, 'data'),
      ended.then(() => Promise.reject(new Error('The overlay could not be made'))),
    ]);
    return new OverlayRoot(directory, child.pid as number);
  }

  /** Runs a command by sh in there, as root or by what makes another user of it. */
  sh(command: string, become: readonly string[] = []): Result {
    return this.#run(['--net'], [], [...become, 'sh', '-c', command]);
  }

  /** The same in a network namespace that nothing was loaded in, as after a boot. */
  shAfterBoot(command: string): Result {
    return this.#run([], ['unshare', '--net'], ['sh', '-c', command]);
  }

  /** Puts a file of the machine there. */
  put(from: string, to: string): void {
    const root = `/proc/${this.#pid}/root${join(this.#directory, 'root')}`;
    cpSync(from, join(root, to));
  }

  /** What was written since it began: text or target by path; a file that was removed is there too. */
  written(): ReadonlyMap<string, string> {
    const upper = `/proc/${this.#pid}/root${join(this.#directory, 'upper')}`;
    const entries = readdirSync(upper, { recursive: true, withFileTypes: true });
    return new Map(
      entries.flatMap((entry) => {
        const path = join(entry.parentPath, entry.name);
        if (entry.isDirectory()) return [];
        const content = entry.isSymbolicLink() ? readlinkSync(path) : entry.isFile() ? readFileSync(path, 'utf8') : '';
        return [[path.slice(upper.length), content]];
      }),
    );
  }

  #run(into: readonly string[], prefix: readonly string[], command: readonly string[]): Result {
    const enter = ['--target', String(this.#pid), '--mount', ...into, '--', ...prefix];
    const env = { ...ENVIRONMENT, PATH: `/run/stubs:${ENVIRONMENT.PATH}` };
    const chroot = ['chroot', join(this.#directory, 'root'), ...command];
    const { status, stdout, stderr } = spawnSync('nsenter', [...enter, ...chroot], { env, encoding: 'utf8' });
    return { status, stdout, stderr };
  }
}
