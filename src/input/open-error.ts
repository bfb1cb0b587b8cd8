import { readFileSync } from 'node:fs';

/** CAP_SYSLOG in the masks of /proc/self/status (include/uapi/linux/capability.h). */
const CAP_SYSLOG = 1n << 34n;

/** Whether this process may read the kernel log where kernel.dmesg_restrict is 1; undefined when /proc does not tell. */
export function hasCapSyslog(): boolean | undefined {
  try {
    const mask = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    return mask === undefined ? undefined : (BigInt(`0x${mask}`) & CAP_SYSLOG) !== 0n;
  } catch {
    return undefined;
  }
}

/**
 * The Error that says why a log cannot be read and what would help, in one line. Takes the path, what the system said, and
 * whether it was to be the device or a syslog file.
 */
export function openError(path: string, cause: unknown, log: 'device' | 'file'): Error {
  const code = (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause));
  return new Error(`Cannot read ${path}: ${(log === 'device' ? deviceHelp : fileHelp)(code)}`, { cause });
}

function deviceHelp(code: string): string {
  const instead = 'or follow a syslog file with --input.file=/var/log/kern.log, or try `npm run demo`';
  if (code === 'EPERM' && hasCapSyslog() === false) {
    return `CAP_SYSLOG is missing (kernel.dmesg_restrict is 1): run with CAP_SYSLOG or as root, ${instead}`;
  }
  if (code === 'EPERM') {
    return `the device is refused although CAP_SYSLOG is there; a container needs --device /dev/kmsg, ${instead}`;
  }
  if (code === 'EACCES') return `its mode or directory refuses this user: run as root, ${instead}`;
  if (code === 'ENOENT') return `it does not exist; a container needs --device /dev/kmsg, ${instead}`;
  return `${code}; ${instead}`;
}

function fileHelp(code: string): string {
  if (code === 'ENOENT') return 'it does not exist yet; it is read from its start as soon as it does';
  if (code === 'EACCES' || code === 'EPERM') {
    return 'permission denied: run as a member of the group that owns it (adm on Debian and Ubuntu), or as root';
  }
  return code;
}
