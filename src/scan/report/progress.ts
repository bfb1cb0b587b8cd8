/** How often the line is written anew, in seconds. */
const EVERY_SECONDS = 0.2;

/** Shows how far the scanning is. */
export interface Progress {
  /** So many bytes more were read. */
  add(bytes: number): void;
  /** Takes the line away. */
  clear(): void;
}

/** Takes how many bytes there are in all (undefined when that is not known), what writes to a terminal, and a clock in seconds. */
export function progressOn(total: number | undefined, write: (text: string) => void, clock: () => number): Progress {
  const start = clock();
  let read = 0;
  let shown = start;
  let isShown = false;
  return {
    add(bytes) {
      read += bytes;
      const now = clock();
      if (now - shown < EVERY_SECONDS) return;
      shown = now;
      isShown = true;
      write(`\r\u001b[K${progressLine(read, total, now - start)}`);
    },
    clear() {
      if (isShown) write('\r\u001b[K');
      isShown = false;
    },
  };
}

/** Takes bytes read, bytes in all, and seconds. */
export function progressLine(read: number, total: number | undefined, seconds: number): string {
  const rate = read / seconds;
  const speed = `${(rate / 1e6).toFixed(0)} MB/s`;
  if (total === undefined || total < read) return `${megabytes(read)} read, ${speed}`;
  const left = Math.ceil((total - read) / rate);
  const percent = Math.floor((100 * read) / total);
  return `${megabytes(read)} of ${megabytes(total)} (${percent} %), ${speed}, ${left} s left`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
}
