import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Namespace } from './namespace.ts';
import { run } from './tools.ts';

/** What covers every place the appliers read; /lib is /usr/lib. On a machine two of these may lack their sysctl.d. */
const COVERED = ['/etc/sysctl.conf', '/etc/sysctl.d', '/run', '/usr/local/lib', '/usr/lib/sysctl.d'];
const DIRECTORIES = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];

/** What really applies configuration at boot: with systemd, and elsewhere. */
export const APPLIERS = {
  systemd: ['/lib/systemd/systemd-sysctl'],
  procps: ['sysctl', '--system'],
} as const;

/**
 * Runs an applier in a network namespace over these files (path under / → text) and nothing of the machine's own. Takes
 * an empty directory to keep them in. Throws when the applier fails.
 */
export function applySysctls(
  namespace: Namespace,
  directory: string,
  files: Readonly<Record<string, string>>,
  command: readonly string[],
): void {
  for (const path of DIRECTORIES) mkdirSync(join(directory, path), { recursive: true });
  for (const [path, text] of Object.entries({ '/etc/sysctl.conf': '', ...files })) {
    if (dirname(path) !== '/etc' && !DIRECTORIES.includes(dirname(path))) throw new RangeError(`Not read: ${path}`);
    writeFileSync(join(directory, path), text);
  }
  const mounts = COVERED.map((path) => `mount --bind "$directory${path}" ${path}`).join('\n');
  const [first = '', ...rest] = namespace.prefix;
  const script = `directory=$1\nshift\n${mounts}\nexec "$@"`;
  run(first, [...rest, 'unshare', '--mount', 'sh', '-e', '-c', script, 'sh', directory, ...command]);
}
