import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A temporary directory that is removed when the running test ends. */
export function makeRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'srcroute-posture-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** A value to write, a directory in the file's place, no file at all, or an entry that is gone after its listing. */
export type Entry = number | string | 'DIRECTORY' | 'NO FILE' | 'VANISHED';

/** Writes `<root>/sys/net/<family>/conf/<name>/<sysctl>` for each entry; names are text or bytes. */
export function writeConf(
  root: string,
  family: string,
  entries: Iterable<readonly [string | Buffer, Entry]>,
  sysctl = 'accept_source_route',
): void {
  const conf = `${root}/sys/net/${family}/conf`;
  mkdirSync(conf, { recursive: true });
  for (const [name, entry] of entries) {
    const directory = Buffer.concat([Buffer.from(`${conf}/`), Buffer.from(name)]);
    const file = Buffer.concat([directory, Buffer.from(`/${sysctl}`)]);
    if (entry === 'VANISHED') {
      // Listed and not there: what an interface removed between the two calls looks like.
      symlinkSync('nowhere', directory);
      continue;
    }
    mkdirSync(directory, { recursive: true });
    if (entry === 'DIRECTORY') mkdirSync(file);
    else if (entry !== 'NO FILE') writeFileSync(file, typeof entry === 'number' ? `${entry}\n` : entry);
  }
}

/** Writes `<root>/sys/<path>` for each entry. */
export function writeGlobals(root: string, entries: Record<string, Entry>): void {
  for (const [path, entry] of Object.entries(entries)) {
    const file = join(root, 'sys', path);
    mkdirSync(dirname(file), { recursive: true });
    if (entry === 'DIRECTORY') mkdirSync(file);
    else writeFileSync(file, typeof entry === 'number' ? `${entry}\n` : entry);
  }
}
