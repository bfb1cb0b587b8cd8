/** What logrotate's compressors leave. */
const COMPRESSED = /\.(?:gz|bz2|xz|zst|lz4|Z)$/;

/** Whether a file's name says that it is compressed: it cannot be read as a log. */
export function isCompressed(path: string): boolean {
  return COMPRESSED.test(path);
}

/** Whether a path is one that rotation gives to the past of a log: `kern.log.1`, `kern.log-20261122`. */
export function isPastOf(path: string, log: string): boolean {
  return path.startsWith(`${log}.`) || path.startsWith(`${log}-`);
}
