import type { ApplierRules } from './applier-rules.ts';
import { expandBraces } from './expand-braces.ts';
import { type Assignment, type Line, pathOfKey, type Setting } from './setting.ts';

/** systemd-sysctl, by src/sysctl/sysctl.c, src/basic/{sysctl-util,fileio,glob-util}.c of systemd 252. */
export const SYSTEMD: ApplierRules = {
  lastFile: undefined,
  readsHidden: false,
  lines,
  parse,
  order,
  globs: expandBraces,
  target: (key) => (key.split('/').includes('..') ? undefined : simplify(key)),
};

// A line ends at a newline, a carriage return, a NUL, or a few of them together: a second of the same kind, or anything
// after a NUL, begins another line (read_line_full).
const LINE = /([^\n\r\0]*)(\n\r?\0?|\r\n?\0?|\0|$)/y;

function* lines(text: string): Generator<Line> {
  let number = 0;
  let at = 0;
  while (at < text.length) {
    LINE.lastIndex = at;
    const [whole, content = ''] = LINE.exec(text) as RegExpExecArray;
    at += whole.length;
    number += 1;
    yield { number, text: content };
  }
}

function parse(line: string): Assignment | undefined {
  const text = strip(line);
  if (/^[#;]|^$/.test(text)) return undefined;
  const equals = text.indexOf('=');
  const isMarked = text.startsWith('-');
  if (equals < 0 && !isMarked) return undefined;
  const key = strip(text.slice(isMarked ? 1 : 0, equals < 0 ? undefined : equals));
  return { key: simplify(pathOfKey(key)), value: equals < 0 ? undefined : strip(text.slice(equals + 1)) };
}

// Not trim(): only these four are blanks.
function strip(text: string): string {
  return text.replace(/^[ \t\n\r]+/, '').replace(/[ \t\n\r]+$/, '');
}

// path_simplify, and no slash in front.
function simplify(path: string): string {
  return path
    .split('/')
    .filter((component) => component !== '' && component !== '.')
    .join('/');
}

// An ordered map: a key keeps its place as long as it keeps its value, and goes to the end with a new one.
function order(settings: readonly Setting[]): Setting[] {
  const map = new Map<string, Setting>();
  for (const setting of settings) {
    const before = map.get(setting.key);
    if (before && before.value === setting.value) continue;
    map.delete(setting.key);
    map.set(setting.key, setting);
  }
  return [...map.values()];
}
