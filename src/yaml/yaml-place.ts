import { createRequire } from 'node:module';
import type { Alias, Document, Node, Pair } from 'yaml';

/** Loaded when there is a file to parse: most starts are without one, and it is a tenth of what they load. */
const load = createRequire(import.meta.url);

/** What is nested deeper is no configuration, and the parser's recursion would end the process and not throw. */
const MAX_DEPTH = 64;

/** One place in a YAML file: what stands there, and the way to complain about it. */
export interface Place {
  /** The value of a scalar, `null` where nothing stands; `undefined` for a list or a mapping. */
  scalar(): unknown;
  /** The places of a list; `undefined` for anything else. */
  items(): Place[] | undefined;
  /** The entries of a mapping in order, each with the place of its key; `undefined` for anything else. */
  entries(): { key: string; keyPlace: Place; value: Place }[] | undefined;
  /** What stands there in a few words, for a message. */
  describe(): string;
  /** Counted from 1. */
  line: number;
  /** Throws a SyntaxError whose one-line message begins with `<file>:<line>: `. */
  fail(message: string): never;
}

/**
 * Takes the text of a YAML file and the file's name for messages, returns the place of the whole document. Throws a
 * SyntaxError (`<file>:<line>: …`, one line) for what is not YAML 1.2, for a key that is written twice, for what is
 * nested more than some sixty deep and for what the parser only warns about, such as an unknown tag. Aliases are
 * followed one step at a time, so that a file of nested ones costs nothing that is not asked for. A list of n keys costs
 * n²: bound the text first.
 */
export function parseYaml(text: string, file: string): Place {
  const yaml: typeof import('yaml') = load('yaml');
  const { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } = yaml;
  const fault = findFault(yaml, text);
  if (fault) throw new SyntaxError(`${file}:${text.slice(0, fault.at).split('\n').length}: ${fault.message}`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });

  const targets = resolveAliases(yaml, document);
  // `at` is where to point when nothing stands there, as in `expect:`.
  const place = (written: unknown, at: number): Place => {
    const node = isAlias(written) ? targets.get(written) : written;
    const offset = isNode(written) ? (written.range?.[0] ?? at) : at;
    const line = Math.max(1, lines.linePos(offset).line);
    const scalar = () => (isScalar(node) ? node.value : isMap(node) || isSeq(node) ? undefined : null);
    return {
      line,
      scalar,
      items: () => (isSeq(node) ? node.items.map((item) => place(item, offset)) : undefined),
      entries: () =>
        isMap(node)
          ? node.items.map(({ key, value }: Pair) => {
              const keyPlace = place(key, offset);
              const keyOffset = isNode(key) ? (key.range?.[0] ?? offset) : offset;
              return { key: String(keyPlace.scalar()), keyPlace, value: place(value, keyOffset) };
            })
          : undefined,
      describe: () => {
        if (isSeq(node)) return 'a list';
        if (isMap(node)) return 'a mapping';
        if (node === undefined && isAlias(written)) return 'an alias of nothing';
        return scalar() === null ? 'nothing' : JSON.stringify(scalar());
      },
      fail: (message) => {
        throw new SyntaxError(`${file}:${line}: ${message}`);
      },
    };
  };

  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    // The parser's own words for this one speak to a programmer.
    const several = problem.code === 'MULTIPLE_DOCS' && 'More than one YAML document: allowed is one';
    place(undefined, problem.pos[0]).fail(several || problem.message.replace(/\s+/g, ' '));
  }
  return place(document.contents, 0);
}

// What the parser would let pass or end the process on; `at` is an offset into the text.
function findFault(
  { Lexer, Parser }: typeof import('yaml'),
  text: string,
): { message: string; at: number } | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0) return { message: 'A NUL character: this is no text', at: nul };
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) return { message: 'Nested too deeply', at: parser.offset };
  }
  return undefined;
}

// Where each alias points: the last node before it that has the anchor. The parser's own look-up goes through the
// document for each.
function resolveAliases({ isAlias, visit }: typeof import('yaml'), document: Document): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) {
        if (node.anchor) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target) targets.set(node, target);
    },
  });
  return targets;
}
