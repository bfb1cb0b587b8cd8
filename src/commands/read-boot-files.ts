import type { BootFile, BootFiles, UnreadFile } from '../check/readings.ts';
import { labelBytes } from '../check/remedies/label-bytes.ts';
import { APPLIERS, type BootApplier } from '../posture/boot/appliers.ts';
import { type ListedFile, listConfig, SEARCH_DIRECTORIES } from '../posture/boot/config-listing.ts';
import { type ConfigFile, readConfigFile } from '../posture/boot/read-config-file.ts';
import { findInRoot } from '../posture/boot/rooted-path.ts';

/**
 * Reads the files that a boot makes sysctls from, and those that people take for such. Takes where the host's root is mounted, and what
 * applies them: of what is unknown, nothing is read. What cannot be read is empty. Throws nothing.
 */
export function readBootFiles(
  rootfs: string,
  applier: BootApplier,
): Pick<BootFiles, 'files' | 'lastingFiles' | 'directory' | 'unreadFiles'> {
  if (applier === 'unknown') {
    return { files: [], lastingFiles: [], directory: '/etc/sysctl.d', unreadFiles: [] };
  }
  const root = Buffer.from(rootfs).toString('latin1').replace(/\/+$/, '');
  const { files } = listConfig(root, APPLIERS[applier]);
  const lasting = listConfig(
    root,
    APPLIERS[applier],
    SEARCH_DIRECTORIES.filter((each) => !isBelowRun(each)),
  ).files;
  const directory = findInRoot(root, '/etc/sysctl.d');
  const read = (path: string): ConfigFile => readConfigFile(root, { label: path, found: findInRoot(root, path) });
  const applied = new Set(files.flatMap(({ found }) => ('path' in found ? found.path : [])));
  const unread: UnreadFile[] = [];
  if (!applied.has('/etc/sysctl.conf')) {
    const fate = 'systemd-sysctl does not read it: what `sysctl -p` sets from there is gone after a boot.';
    unread.push({ path: '/etc/sysctl.conf', fate, text: read('/etc/sysctl.conf').text });
  }
  if (/^ENABLED=["']?yes/m.test(read('/etc/ufw/ufw.conf').text)) {
    const fate = 'ufw applies it when it starts, after all that is foreseen here.';
    unread.push({ path: '/etc/ufw/sysctl.conf', fate, text: read('/etc/ufw/sysctl.conf').text });
  }
  return {
    files: files.map((file) => readBootFile(root, file)),
    lastingFiles: lasting
      .map((file) => readBootFile(root, file))
      .map((file) => (isBelowRun(file.path) ? { ...file, text: '' } : file)),
    directory: 'path' in directory ? directory.path : undefined,
    unreadFiles: unread,
  };
}

function readBootFile(root: string, file: ListedFile): BootFile {
  const { label, found } = file;
  return { ...readConfigFile(root, file), path: 'path' in found ? found.path : labelBytes(label).toString('latin1') };
}

function isBelowRun(path: string): boolean {
  return path.startsWith('/run/');
}
