import { parser } from '@prometheus-io/lezer-promql';
import { interpolate } from './board-file.ts';

/** One selector of an expression. */
export interface Selector {
  /** Name of the metric; empty where only labels are given. */
  readonly name: string;
  /** Each matcher as it stands, such as `job=~"$job"`. */
  readonly matchers: readonly string[];
  /** The function that is applied to its range, such as `rate`; undefined where there is none. */
  readonly rangeFunction: string | undefined;
  /** The range as it stands, such as `$__range`; undefined for an instant selector. */
  readonly range: string | undefined;
}

/** Stand-ins of the same length, so that places in the text stay; durations cannot be parsed with a `$`. */
const DURATIONS: readonly (readonly [variable: string, standIn: string])[] = [
  '$__rate_interval',
  '$__range_s',
  '$__range',
].map((variable) => [variable, `${'1'.repeat(variable.length - 1)}${variable.endsWith('_s') ? '1' : 's'}`] as const);

/**
 * The selectors of an expression of a board. Throws SyntaxError for what is not PromQL, by the grammar that Prometheus itself uses
 * in its editor.
 */
export function selectors(expr: string): Selector[] {
  const text = DURATIONS.reduce((all, [variable, standIn]) => all.replaceAll(variable, standIn), expr);
  const found: Selector[] = [];
  parser.parse(text).iterate({
    enter: ({ type, node, from, to }) => {
      if (type.isError)
        throw new SyntaxError(`Cannot parse "${interpolate(expr)}" at "${expr.slice(from, from + 20)}"`);
      if (type.name !== 'VectorSelector') return;
      const matrix = node.parent?.type.name === 'MatrixSelector' ? node.parent : undefined;
      const matrixText = matrix && expr.slice(to, matrix.to);
      const argument = matrix?.parent?.type.name === 'OffsetExpr' ? matrix.parent : matrix;
      const call = argument?.parent?.parent;
      const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
      const identifier = node.getChild('Identifier');
      found.push({
        name: identifier === null ? '' : expr.slice(identifier.from, identifier.to),
        matchers: matchers.map((matcher) => expr.slice(matcher.from, matcher.to)),
        range: matrixText?.replace(/^\s*\[|\]\s*$/g, ''),
        rangeFunction:
          call?.type.name === 'FunctionCall' ? /^\w+/.exec(expr.slice(call.from, call.to))?.[0] : undefined,
      });
    },
  });
  return found;
}
