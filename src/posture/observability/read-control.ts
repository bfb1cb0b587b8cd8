import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { controlFlags, type DebugEvent } from './control-line.ts';

/** What the control file of dynamic debug says, or how it is that nothing does. */
export type Control =
  | { readonly path: string; readonly flags: Readonly<Record<DebugEvent, string | undefined>> }
  | {
      readonly path: undefined;
      readonly procfs: 'absent' | 'unreadable';
      /** `unmounted`: the directory where debugfs should be is missing or empty, so that it proves nothing. */
      readonly debugfs: 'absent' | 'unmounted' | 'unreadable';
    };

// No kernel's is nearly as large: an endless file in its place must not take all memory.
const MAX_BYTES = 16 * 1024 * 1024;

// Grows to the size of the file once: procfs says that every file has 0 bytes and gives a page at a time.
let buffer = Buffer.allocUnsafe(64 * 1024);

/**
 * Reads the dynamic-debug control file: `<procfs>/dynamic_debug/control` (Linux 5.7 and later, readable by everybody),
 * else `<sysfs>/kernel/debug/dynamic_debug/control` (root only). The kernel makes its text anew for each reading, about
 * 10 ms a megabyte: a distribution's has 600 kB. Throws nothing.
 */
export function readControl(procfs: string, sysfs: string): Control {
  const debugfsRoot = `${sysfs}/kernel/debug`;
  const inProcfs = read(`${procfs}/dynamic_debug/control`);
  if (typeof inProcfs !== 'string') return inProcfs;
  const inDebugfs = read(`${debugfsRoot}/dynamic_debug/control`);
  if (typeof inDebugfs !== 'string') return inDebugfs;
  const debugfs = inDebugfs === 'absent' && !isMounted(debugfsRoot) ? 'unmounted' : inDebugfs;
  return { path: undefined, procfs: inProcfs, debugfs };
}

function read(path: string): (Control & { path: string }) | 'absent' | 'unreadable' {
  try {
    const control = readWhole(path);
    const flags = {
      icmpv6_no_reply: controlFlags(control, 'icmpv6_no_reply'),
      source_route_failed: controlFlags(control, 'source_route_failed'),
    };
    return { path, flags };
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'unreadable';
  }
}

// Valid until the next call.
function readWhole(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0; length += read) {
      if (length === MAX_BYTES) throw new RangeError(`More than ${MAX_BYTES} bytes`);
      if (length === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

// The mount point is an empty directory; debugfs itself never is one.
function isMounted(debugfs: string): boolean {
  try {
    return readdirSync(debugfs).length > 0;
  } catch {
    return false;
  }
}
