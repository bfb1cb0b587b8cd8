import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { parsePolicy } from './parse-policy.ts';
import type { SysctlRule } from './policy.ts';

// Every sysctl there is, with references, takes a tenth of it; what is larger is another file.
const MAX_BYTES = 64 * 1024;

/**
 * Takes the path of a policy file, returns its rules. Throws an Error of one line: `Cannot read <file>: …` for what is no
 * file of text or larger than 64 KiB, or the SyntaxError of `parsePolicy`, which names the line.
 */
export function readPolicy(file: string): SysctlRule[] {
  const bytes = readBounded(file);
  if (bytes.length > MAX_BYTES) throw new Error(`Cannot read ${file}: larger than ${MAX_BYTES} bytes`);
  if (!isUtf8(bytes)) throw new SyntaxError(`${file}:${lineOfBadByte(bytes)}: Not UTF-8`);
  return parsePolicy(bytes.toString('utf8'), file);
}

// A byte more than is allowed is enough to know. The size is not asked: a pipe has none.
function readBounded(file: string): Buffer {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    return buffer.subarray(0, length);
  } catch (cause) {
    throw new Error(`Cannot read ${file}: ${(cause as NodeJS.ErrnoException).code ?? cause}`, { cause });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function lineOfBadByte(bytes: Buffer): number {
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf('\n', start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
