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
  'This host applies its sysctl files with the sysctl of BusyBox or Toybox, whose rules this version does not know.';
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
/** Where programs are, by the PATH of init scripts. */
const PROGRAMS = ['/sbin', '/usr/sbin', '/bin', '/usr/bin'];
/** One program under many names, links of either kind. */
const MANY_NAMES = /(?:^|\/)(?:busy|toy)box[^/]*$/;
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
  if (PROGRAMS.some((directory) => isOneOfMany(root, directory))) return { applier: 'unknown', reason: BUSYBOX };
  if ([...PROGRAMS.map((directory) => `${directory}/sysctl`), ...PROCPS_SCRIPTS].some(has))
    return { applier: 'procps' };
  return { applier: 'unknown', reason: NO_SIGN };
}

/** Whether the sysctl of a directory is BusyBox's or Toybox's. */
function isOneOfMany(root: string, directory: string): boolean {
  const found = findInRoot(root, `${directory}/sysctl`);
  // The program itself may be outside of what is mounted.
  if (!('path' in found)) return MANY_NAMES.test(linkIn(root, directory));
  if (MANY_NAMES.test(found.path)) return true;
  return PROGRAMS.some((other) => {
    const busybox = findInRoot(root, `${other}/busybox`);
    return 'path' in busybox && busybox.stats.dev === found.stats.dev && busybox.stats.ino === found.stats.ino;
  });
}

/** Where a directory's sysctl links to; empty if it is no link. */
function linkIn(root: string, directory: string): string {
  const found = findInRoot(root, directory);
  try {
    return 'path' in found ? readlinkSync(bytes(`${root}${found.path}/sysctl`), { encoding: 'latin1' }) : '';
  } catch {
    return '';
  }
}
