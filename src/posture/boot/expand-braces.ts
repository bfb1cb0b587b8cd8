/** More alternatives than this are not expanded: `{a,b}` thirty times in a line would be a thousand million. */
const MOST = 1_000;
/** PATH_MAX: no longer pattern fits a path, unless its braces are long and what is in them is short. */
const LONGEST = 4_096;

/**
 * Expands `{a,b}` as glob(3) does with GLOB_BRACE: nested, `\` escapes, a brace without its end is itself. Takes a
 * pattern and returns every alternative, itself if there is no brace, and none if there were more than a thousand or
 * the pattern has more than 4,096 characters. Throws nothing.
 */
export function expandBraces(pattern: string): string[] {
  if (pattern.length > LONGEST) return [];
  const done: string[] = [];
  const waiting = [pattern];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const alternatives = expandFirst(next);
    if (alternatives) waiting.push(...alternatives);
    else done.push(next);
    if (waiting.length + done.length > MOST) return [];
  }
  return done;
}

function expandFirst(pattern: string): string[] | undefined {
  const open = find(pattern, 0, (character) => character === '{');
  if (open < 0) return undefined;
  const parts: string[] = [];
  for (let start = open + 1; ; ) {
    const end = endOfPart(pattern, start);
    if (end < 0) return undefined;
    parts.push(pattern.slice(start, end));
    start = end + 1;
    if (pattern[end] === '}') return parts.map((part) => pattern.slice(0, open) + part + pattern.slice(start));
  }
}

// The `,` or `}` that ends an alternative, past those of inner braces; -1 if there is none.
function endOfPart(pattern: string, start: number): number {
  let depth = 0;
  return find(pattern, start, (character) => {
    if (depth === 0 && (character === ',' || character === '}')) return true;
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    return false;
  });
}

function find(pattern: string, start: number, isIt: (character: string) => boolean): number {
  for (let at = start; at < pattern.length; at += pattern[at] === '\\' ? 2 : 1) {
    if (pattern[at] !== '\\' && isIt(pattern[at] as string)) return at;
  }
  return -1;
}
