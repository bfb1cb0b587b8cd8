import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { type Cleanup, ENVIRONMENT, makeDirectory, run } from './tools.ts';
import { until } from './until.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const NODE_BASE = fileURLToPath(new URL('node-base.sh', import.meta.url));
const IMAGE = 'localhost/srcroute-exporter:e2e';

/** crun refuses control groups of both versions at once; it may have those of the first, which have the controllers. */
const WITH_ONE_VERSION = 'umount /sys/fs/cgroup/unified 2>/dev/null; exec podman "$@"';

/** What a machine must have for it. */
export const PODMAN_NEEDS = { root: true, commands: ['podman', 'crun', 'unshare', 'npm'] };

/** A container that runs. */
export interface Container {
  /** `host:port` that it listens on. */
  readonly address: string;
  /** Of the program, as the machine sees it. */
  readonly pid: number;
  /** What it wrote on standard error. */
  readonly stderr: string;
  /** Asks it to end; gives its exit code. */
  stop(): Promise<number | null>;
}

/** The image, built by its Dockerfile, in a store of its own: containers of it are run by a real runtime, on this machine's kernel. */
export class Podman {
  readonly #global: readonly string[];

  private constructor(directory: string) {
    const store = ['--root', join(directory, 'store'), '--runroot', join(directory, 'run'), '--storage-driver', 'vfs'];
    this.#global = [...store, '--cgroup-manager', 'cgroupfs', '--events-backend', 'none'];
  }

  /** Builds it on a base that is made of this machine's Node and npm: no other registry than npm's is asked. */
  static async build(cleanup: Cleanup): Promise<Podman> {
    const directory = makeDirectory(cleanup);
    const podman = new Podman(directory);
    // The control groups that it leaves empty; those of another have somebody in them, and stay.
    cleanup(
      () =>
        void run('sh', [
          '-c',
          'find /sys/fs/cgroup/*/libpod_parent -depth -type d -exec rmdir {} + 2>/dev/null || true',
        ]),
    );
    cleanup(async () => void (await podman.run('rm', '--all', '--force')));
    run('bash', [NODE_BASE, join(directory, 'base'), process.execPath]);
    run('tar', ['-C', join(directory, 'base'), '-cf', join(directory, 'base.tar'), '.']);
    const environment = ['PATH', 'NODE_EXTRA_CA_CERTS'].flatMap((name) =>
      ENVIRONMENT[name as 'PATH'] === undefined ? [] : ['--change', `ENV ${name}=${ENVIRONMENT[name as 'PATH']}`],
    );
    await podman.run('import', ...environment, join(directory, 'base.tar'), 'localhost/node-base');
    const { npm_config_cache = `${process.env.HOME}/.npm` } = process.env;
    await podman.run(
      ...['build', '--isolation', 'chroot', '--layers=false', '--volume', `${npm_config_cache}:/npm-cache`],
      ...['--build-arg', 'NODE_IMAGE=localhost/node-base', '--build-arg', 'REVISION=e2e', '--tag', IMAGE, PROJECT],
    );
    return podman;
  }

  /** Runs a command of podman to its end; gives what it prints. Throws when it fails. */
  async run(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('unshare', this.#arguments(args), {
      env: ENVIRONMENT,
      maxBuffer: 64 << 20,
    });
    return stdout;
  }

  /** What the image says of itself, and the paths of all that is in it. */
  async look(): Promise<{ user: string; paths: string[] }> {
    const [{ Config }] = JSON.parse(await this.run('image', 'inspect', IMAGE));
    const id = (await this.run('create', IMAGE)).trim();
    const tar = join(makeDirectory(), 'image.tar');
    await this.run('export', '--output', tar, id);
    await this.run('rm', id);
    return { user: Config.User, paths: run('tar', ['-tf', tar]).split('\n').filter(Boolean) };
  }

  /** Starts a container with the host's network, and waits until it listens. Takes flags of `podman run`, and of the program. */
  async start(options: readonly string[], flags: readonly string[]): Promise<Container> {
    const args = ['run', '--rm', '--network', 'host', ...options, IMAGE, '--web.listen-address=127.0.0.1:0', ...flags];
    const child = spawn('unshare', this.#arguments(args), { env: ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const stop = () => {
      child.kill('SIGTERM');
      return ended;
    };
    onTestFinished(async () => void (await stop()));
    const address = await until('it listens', () => {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${stderr}`);
      return /msg=Listening address=(\S+)$/m.exec(stderr)?.[1];
    });
    const pid = listener(Number(address.slice(address.lastIndexOf(':') + 1)));
    return {
      address,
      pid,
      stop,
      get stderr() {
        return stderr;
      },
    };
  }

  #arguments(args: readonly string[]): string[] {
    return ['--mount', '--propagation', 'private', 'sh', '-c', WITH_ONE_VERSION, 'podman', ...this.#global, ...args];
  }
}

/** The process that listens on a port. */
function listener(port: number): number {
  return Number(/pid=(\d+)/.exec(run('ss', ['-Hltnp', `sport = :${port}`]))?.[1]);
}
