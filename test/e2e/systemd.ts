import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Namespace } from './namespace.ts';
import { type Cleanup, ENVIRONMENT, makeDirectory, run } from './tools.ts';
import { until } from './until.ts';

const BOOT = fileURLToPath(new URL('systemd.sh', import.meta.url));

/** What systemd wants to be there before it starts or stops anything. */
const TARGETS = ['sysinit', 'basic', 'shutdown', 'network', 'umount', 'default'];

/** What a machine must have for it. */
export const SYSTEMD_NEEDS = {
  root: true,
  files: ['/lib/systemd/systemd'],
  commands: ['systemctl', 'systemd-analyze', 'unshare', 'nsenter', 'findmnt'],
};

/**
 * A real systemd with units of one's own, in namespaces of its own: what it restricts is restricted by this machine's kernel. Its files are a
 * copy of the machine's that goes with it; the kernel log is the machine's, and so is the network, unless it gets another. Units that are
 * written to /etc/systemd/system in there are found, those of the machine are not.
 */
export class Systemd {
  readonly #pid: number;

  private constructor(pid: number) {
    this.#pid = pid;
  }

  /**
   * Starts it and waits until it answers. Takes units by their path below a directory of units, and other files by their path from the root.
   */
  static async start(
    units: Readonly<Record<string, string>>,
    files: Readonly<Record<string, string>>,
    cleanup: Cleanup,
    network?: Namespace,
  ): Promise<Systemd> {
    const directory = makeDirectory(cleanup);
    for (const target of TARGETS)
      write(join(directory, 'units', `${target}.target`), '[Unit]\nDefaultDependencies=no\n');
    for (const [path, text] of Object.entries(units)) write(join(directory, 'units', path), text);
    for (const [path, text] of Object.entries(files)) write(join(directory, 'files', path), text);
    write(join(directory, 'cgroups'), '');
    // Not by `ip netns exec`: that hides the control groups.
    const prefix = network === undefined ? [] : ['nsenter', `--net=/run/netns/${network.name}`];
    const [command = BOOT, ...args] = [...prefix, BOOT, directory];
    const child = spawn(command, args, { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    cleanup(() => end(child, directory));
    return until('systemd answers', async () => {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${said}`);
      // The one child of `unshare` is pid 1 in there, and is systemd in the end.
      const pid = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8'));
      const systemd = new Systemd(pid);
      return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'systemd\n' && (await systemd.control('is-system-running'))
        ? systemd
        : undefined;
    }).catch((error) => {
      throw new Error(`${(error as Error).message}; it said: ${said}`, { cause: error });
    });
  }

  /** Runs systemctl in there; gives what it says. Throws when it fails. */
  control(...args: readonly string[]): Promise<string> {
    return this.run('systemctl', ...args);
  }

  /** One property of a unit. */
  async property(unit: string, name: string): Promise<string> {
    return (await this.control('show', '--value', '--property', name, unit)).trim();
  }

  /** Runs a command in there as root, without any restriction of a unit. */
  async run(command: string, ...args: readonly string[]): Promise<string> {
    const into = ['--target', String(this.#pid), '--mount', '--pid', '--uts', '--ipc', '--net', '--cgroup'];
    return (await promisify(execFile)('nsenter', [...into, '--', command, ...args], { env: ENVIRONMENT })).stdout;
  }

  /** A file in there, as text. */
  read(path: string): string {
    return readFileSync(`/proc/${this.#pid}/root${path}`, 'utf8');
  }

  /** Copies a directory of the machine to a path in there. */
  copy(from: string, to: string): void {
    const root = `/proc/${this.#pid}/root`;
    mkdirSync(join(root, dirname(to)), { recursive: true });
    run('cp', ['-a', from, join(root, to)]);
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Ends all that runs in there, then removes the control groups, the innermost first. */
async function end(child: ChildProcess, directory: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await ended;
  }
  for (const group of readFileSync(join(directory, 'cgroups'), 'utf8').split('\n').filter(Boolean)) {
    await until(`${group} is empty`, () => {
      for (const path of run('find', [group, '-depth', '-type', 'd']).split('\n').filter(Boolean)) rmdirSync(path);
      return true;
    });
  }
}
