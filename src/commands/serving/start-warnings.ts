import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { ServeConfig } from '../config/serve-config.ts';

/** Files in which syslog puts the kernel's messages, each of them whole. */
const KERNEL_LOGS = ['kern.log', 'syslog', 'messages'];

/** What is allowed but hardly meant, a line each. Takes the configuration, the files that are followed, and the user. */
export function startWarnings(
  { kmsg, files }: ServeConfig,
  followed: readonly string[],
  uid: number | undefined,
): string[] {
  const warnings = followed.flatMap((path, index) =>
    followed
      .slice(index + 1)
      .filter((other) => holdTheSame(path, other))
      .map(
        (other) =>
          `${path} and ${other} hold the same kernel messages: every event will be counted twice; follow one of them`,
      ),
  );
  if (uid === 0 && files.length > 0) {
    warnings.push('Running as root is not needed: a member of the group that owns the log (adm on Debian) may read it');
  }
  if (uid === 0 && files.length === 0 && isWorldReadableDevice(kmsg)) {
    warnings.push(`Running as root is not needed: CAP_SYSLOG is enough to read ${kmsg}`);
  }
  return warnings;
}

function holdTheSame(a: string, b: string): boolean {
  return dirname(a) === dirname(b) && KERNEL_LOGS.includes(basename(a)) && KERNEL_LOGS.includes(basename(b));
}

/** A device that only its owner may open does need root. */
function isWorldReadableDevice(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isCharacterDevice() && (stats.mode & 0o004) !== 0;
  } catch {
    return false;
  }
}
