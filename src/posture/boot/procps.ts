import { posix } from 'node:path';
import type { ApplierRules } from './applier-rules.ts';
import { type Assignment, type Line, pathOfKey } from './setting.ts';

const ROOT = '/proc/sys/';

/** `sysctl --system`, by src/sysctl.c of procps 4.0.2. */
export const PROCPS: ApplierRules = {
  lastFile: '/etc/sysctl.conf',
  readsHidden: true,
  lines,
  parse,
  // Everything is written in the order of the lines.
  order: (settings) => settings,
  // To glob(3) a name with a slash behind it is that name, as long as no wildcard is in it.
  globs: (key) => [key.replace(/(^|\/)([^/*?[]+)\/$/, '$1$2')],
  target,
};

function* lines(text: string): Generator<Line> {
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    // A C string ends at its first NUL.
    yield { number, text: line.split('\0', 1)[0] as string };
  }
}

function parse(line: string): Assignment | undefined {
  const text = line.replace(/^[\t-\r ]+/, '');
  if (/^[#;]|^$/.test(text)) return undefined;
  const equals = text.indexOf('=');
  const isMarked = text.startsWith('-');
  if (equals < 0 && !isMarked) return undefined;
  // No blank may stand behind the mark: it would be part of the key. A second mark is dropped, on the way to the path.
  const key = stripEnd(text.slice(isMarked ? 1 : 0, equals < 0 ? undefined : equals));
  const value = equals < 0 ? undefined : stripEnd(text.slice(equals + 1).replace(/^[\t-\r ]+/, ''));
  return { key: pathOfKey(key.replace(/^-/, '')), value };
}

function stripEnd(text: string): string {
  return text.replace(/[\t-\r ]+$/, '');
}

// It writes to what realpath(3) finds, if that is below /proc/sys.
function target(key: string): string | undefined {
  if (/(?:^|\/)\.{0,2}$/.test(key)) return undefined;
  const path = posix.normalize(ROOT + key);
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : undefined;
}
