/** What a character may be; `literal` is one that stands for itself alone. */
interface One {
  readonly accepts: readonly boolean[];
  readonly literal: boolean;
}

type Token = One | '*';

const CODES = Array.from({ length: 256 }, (_, code) => code);

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
 * Takes one component of a glob(7) path as bytes in latin1, returns what says whether a name in latin1 matches it, by the
 * rules of fnmatch(3) with FNM_PERIOD, which is what glob(3) does in a directory: `*`, `?`, `[a-z]`, `[!a]`, `[^a]`, `[[:digit:]]`,
 * backslash; a leading dot only by a dot; a `[` without its `]` is itself. In time proportional to both lengths. Throws nothing.
 */
export function compileGlobComponent(pattern: string): (name: string) => boolean {
  const tokens = parse(pattern);
  if (tokens.every((token): token is One => token !== '*' && token.literal)) {
    const text = String.fromCharCode(...tokens.map(({ accepts }) => accepts.indexOf(true)));
    return (name) => name === text;
  }
  const first = tokens[0];
  const admitsHidden = first !== undefined && first !== '*' && first.literal;
  return (name) => (admitsHidden || !name.startsWith('.')) && matches(tokens, name);
}

function parse(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at] as string;
    const bracket = character === '[' ? parseBracket(pattern, at + 1) : undefined;
    if (bracket) {
      tokens.push({ accepts: bracket.accepts, literal: false });
      at = bracket.end;
    } else if (character === '*') {
      if (tokens.at(-1) !== '*') tokens.push('*');
      at += 1;
    } else if (character === '?') {
      tokens.push({ accepts: CODES.map(() => true), literal: false });
      at += 1;
    } else {
      const escaped = character === '\\' && at + 1 < pattern.length;
      tokens.push(literal(pattern.charCodeAt(escaped ? at + 1 : at)));
      at += escaped ? 2 : 1;
    }
  }
  return tokens;
}

function literal(code: number): One {
  return { accepts: CODES.map((each) => each === code), literal: true };
}

// From behind the `[` to behind its `]`; nothing if there is none.
function parseBracket(pattern: string, start: number): { accepts: boolean[]; end: number } | undefined {
  const negated = pattern[start] === '!' || pattern[start] === '^';
  const accepts = CODES.map(() => false);
  const open = negated ? start + 1 : start;
  for (let at = open; at < pattern.length; ) {
    if (pattern[at] === ']' && at > open) {
      return { accepts: negated ? accepts.map((accepted) => !accepted) : accepts, end: at + 1 };
    }
    const [whole = '', name = ''] = /^\[:([a-z]+):\]/.exec(pattern.slice(at)) ?? [];
    const isIn = CLASSES.get(name);
    if (isIn) {
      for (const code of CODES) if (isIn.test(String.fromCharCode(code))) accepts[code] = true;
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
    for (let code = from.code; code <= to; code += 1) accepts[code] = true;
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
    } else if (wanted?.accepts[name.charCodeAt(at)]) {
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
