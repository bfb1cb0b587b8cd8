/** One line of a file, without what ends it; `number` as the applier counts, from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** What a line says of a key: a value, or, undefined, that no glob may set it. The key is a path below /proc/sys. */
export interface Assignment {
  readonly key: string;
  readonly value: string | undefined;
}

/** The same with its place. */
export interface Setting extends Assignment {
  readonly file: string;
  readonly line: number;
}

/**
 * Turns a key into a path as both appliers do: where the first separator is a dot, every dot is a slash and every slash
 * a dot, so that `net.ipv4.conf.eth0/100.rp_filter` is eth0.100's. Pure; throws nothing.
 */
export function pathOfKey(key: string): string {
  if (/[./]/.exec(key)?.[0] !== '.') return key;
  return key.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}
