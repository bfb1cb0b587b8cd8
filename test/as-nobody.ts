import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NOBODY = 65_534;

/** Acts as a user to whom a mode of 000 means something: another one than root. */
export function asNobody<T>(act: () => T): T {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(NOBODY);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

/** Whether there is such a user, who comes to the temporary files: not in a user namespace of root alone, not below a TMPDIR of root alone. */
export function isNobodyHere(): boolean {
  try {
    return asNobody(() => statSync(join(tmpdir(), '.')).isDirectory());
  } catch {
    return false;
  }
}
