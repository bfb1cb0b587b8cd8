/** Which characters may stand in a place, 1 or 0 by code; a number is one that stands for itself. */
type One = Uint8Array | number;
type Token = One | '*';

const CODES = Array.from({ length: 256 }, (_, code) => code);
/** PATH_MAX. Nobody writes more, and brackets without an end cost the square. */
const LONGEST = 4_096;
/** Of no byte. */
const NO_CODE = 0x100;
const LONGEST_CLASS = '[:alnum:]'.length + 1;
const ANY = new Uint8Array(256).fill(1);

/** The classes of the C locale, in which both appliers run at boot. */
const CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[A-Za-z\d]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is the class of them.
  ['cntrl', /[\0-\x1f\x7f]/],
  ['digit', /\d/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[ \t-\r]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[A-Fa-f\d]/],
]);

/**
 * Takes one component of a glob(7) path as bytes in latin1, returns what says whether a name in latin1 matches it, by
 * the rules of fnmatch(3) with FNM_PERIOD, which is what glob(3) does in a directory: `*`, `?`, `[a-z]`, `[!a]`,
 * `[^a]`, `[[:digit:]]`, backslash; a leading dot only by a dot; a `[` without its `]` is itself. Matching takes time
 * in proportion to both lengths. Throws nothing.
 */
export function compileGlobComponent(pattern: string): (name: string) => boolean {
  if (pattern.length > LONGEST) return () => false;
  const tokens = parse(pattern);
  if (tokens.every((token) => typeof token === 'number')) {
    const text = tokens.map((code) => String.fromCharCode(code)).join('');
    return (name) => name === text;
  }
  const admitsHidden = typeof tokens[0] === 'number';
  return (name) => (admitsHidden || !name.startsWith('.')) && matches(tokens, name);
}

function parse(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at] as string;
    const bracket = character === '[' ? parseBracket(pattern, at + 1) : undefined;
    if (bracket) {
      tokens.push(bracket.accepts);
      at = bracket.end;
    } else if (character === '*') {
      if (tokens.at(-1) !== '*') tokens.push('*');
      at += 1;
    } else if (character === '?') {
      tokens.push(ANY);
      at += 1;
    } else {
      // A backslash at the end fits nothing: it escapes what has no code.
      const escapes = character === '\\' ? 1 : 0;
      tokens.push(at + escapes < pattern.length ? pattern.charCodeAt(at + escapes) : NO_CODE);
      at += escapes + 1;
    }
  }
  return tokens;
}

// From behind the `[` to behind its `]`; nothing if there is none.
function parseBracket(pattern: string, start: number): { accepts: Uint8Array; end: number } | undefined {
  const negated = pattern[start] === '!' || pattern[start] === '^';
  const accepts = new Uint8Array(256);
  const open = negated ? start + 1 : start;
  for (let at = open; at < pattern.length; ) {
    if (pattern[at] === ']' && at > open) {
      return { accepts: negated ? accepts.map((accepted) => 1 - accepted) : accepts, end: at + 1 };
    }
    const [whole = '', name = ''] = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + LONGEST_CLASS)) ?? [];
    const isIn = CLASSES.get(name);
    if (isIn) {
      for (const code of CODES) if (isIn.test(String.fromCharCode(code))) accepts[code] = 1;
      at += whole.length;
      continue;
    }
    const from = element(pattern, at);
    at = from.end;
    let to = from.code;
    if (pattern[at] === '-' && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      const last = element(pattern, at + 1);
      to = last.code;
      at = last.end;
    }
    for (let code = from.code; code <= to; code += 1) accepts[code] = 1;
  }
  return undefined;
}

// One character in a bracket: as it is, escaped, or as `[.a.]` or `[=a=]`.
function element(pattern: string, at: number): { code: number; end: number } {
  if (/^\[([.=]).\1\]/s.test(pattern.slice(at, at + 5))) return { code: pattern.charCodeAt(at + 2), end: at + 5 };
  const escaped = pattern[at] === '\\' && at + 1 < pattern.length ? 1 : 0;
  return { code: pattern.charCodeAt(at + escaped), end: at + escaped + 1 };
}

// The last star takes one character more whenever what follows it does not fit; an earlier one never has to.
function matches(tokens: readonly Token[], name: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    const wanted = tokens[token];
    if (wanted === '*') {
      star = token;
      resume = at;
      token += 1;
    } else if (wanted !== undefined && accepts(wanted, name.charCodeAt(at))) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === '*');
}

function accepts(one: One, code: number): boolean {
  return typeof one === 'number' ? one === code : one[code] === 1;
}
