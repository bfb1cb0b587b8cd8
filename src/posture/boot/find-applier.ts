import { readlinkSync } from 'node:fs';
import type { KnownApplier } from './appliers.ts';
import { bytes, findInRoot } from './rooted-path.ts';

/** What applies the sysctl files at a boot, or why that is not known: a sentence. */
export type FoundApplier =
  | { readonly applier: KnownApplier }
  | { readonly applier: 'unknown'; readonly reason: string };

const RUNIT =
  'This host boots with runit, which applies each sysctl file by itself, in a way that this version does not know.';
const BUSYBOX =
  'This host applies its sysctl files with the sysctl of BusyBox, whose rules this version does not know.';
const ALPINE =
  'This host is an Alpine Linux or a relative: its boot applies each sysctl file by itself, by rules that this version does not know.';
const NO_SIGN =
  'Nothing below --path.rootfs shows what applies the sysctl files of this host at a boot: no systemd, no sysctl of procps and no init script for it.';

/** What only a host has whose boot is not predicted. They come before the signs of procps, which such a host can have installed, too. */
const UNKNOWN_BOOTS: readonly (readonly [path: string, reason: string])[] = [
  ['/etc/runit/1', RUNIT],
  ['/etc/runit/core-services', RUNIT],
  ['/usr/bin/runit-init', RUNIT],
  ['/etc/openwrt_release', BUSYBOX],
  ['/etc/alpine-release', ALPINE],
  ['/etc/apk', ALPINE],
];
/** Where sysctl is, by the PATH of init scripts. */
const SYSCTLS = ['/sbin/sysctl', '/usr/sbin/sysctl', '/bin/sysctl', '/usr/bin/sysctl'];
/** Scripts that run `sysctl --system`, which only procps has: Debian's and Devuan's, and OpenRC's. */
const PROCPS_SCRIPTS = ['/etc/init.d/procps', '/etc/init.d/sysctl'];

/**
 * Tells by files alone what applies sysctls at a boot: systemd where it is running, as sd_booted(3) says; procps where its sysctl or a script
 * that runs it is there and nothing speaks against it. Takes the root in latin1, without a slash at its end. Throws nothing.
 */
export function findApplier(root: string): FoundApplier {
  const has = (path: string) => 'path' in findInRoot(root, path);
  if (has('/run/systemd/system')) return { applier: 'systemd' };
  const sign = UNKNOWN_BOOTS.find(([path]) => has(path));
  if (sign !== undefined) return { applier: 'unknown', reason: sign[1] };
  if (SYSCTLS.some((path) => isBusybox(root, path))) return { applier: 'unknown', reason: BUSYBOX };
  if ([...SYSCTLS, ...PROCPS_SCRIPTS].some(has)) return { applier: 'procps' };
  return { applier: 'unknown', reason: NO_SIGN };
}

/** BusyBox is one program under many names: links of either kind. */
function isBusybox(root: string, path: string): boolean {
  const found = findInRoot(root, path);
  // The program itself may be outside of what is mounted.
  if (!('stats' in found)) return /(?:^|\/)busybox[^/]*$/.test(linkOf(root + path));
  if (/\/busybox[^/]*$/.test(found.path)) return true;
  return ['/bin/busybox', '/usr/bin/busybox'].some((name) => {
    const busybox = findInRoot(root, name);
    return 'stats' in busybox && busybox.stats.dev === found.stats.dev && busybox.stats.ino === found.stats.ino;
  });
}

function linkOf(path: string): string {
  try {
    return readlinkSync(bytes(path), { encoding: 'latin1' });
  } catch {
    return '';
  }
}
