import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.mjs';

/** A new directory, and what removes it; the end of the process does so too. */
export function temporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'srcroute-bench-'));
  return { path, remove: atExit(() => rmSync(path, { recursive: true, force: true })) };
}
