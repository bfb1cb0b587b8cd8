import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const RULES = 'alerts/srcroute.rules.yml';

/** One rule as the file has it; which of both it is says which key it has. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr?: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Text of a file of the project, by its path there. */
export function readProjectFile(path: string): string {
  return readFileSync(`${PROJECT}${path}`, 'utf8');
}

/**
 * The rules of a rule file, in order. Takes its text. Throws SyntaxError naming line and rule when it is no YAML or has no
 * groups of rules.
 */
export function parseRules(text: string): readonly Rule[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    throw new SyntaxError(`${RULES}:${line}: ${ruleBefore(text, line)}: ${error.message.split('\n', 1)[0]}`);
  }
  const groups = (document.toJS() as { groups?: { rules?: Rule[] }[] } | null)?.groups;
  if (!Array.isArray(groups)) throw new SyntaxError(`${RULES}: Cannot find "groups"`);
  return groups.flatMap(({ rules }) => rules ?? []);
}

/** The name of the rule that a line belongs to. */
function ruleBefore(text: string, line: number): string {
  const names = text
    .split('\n')
    .slice(0, line)
    .flatMap((each) => /^\s*- (?:alert|record): (\S+)/.exec(each)?.[1] ?? []);
  return names.at(-1) ?? 'before the first rule';
}

/** The alerts of the shipped file, by name. */
export function shippedAlerts(): ReadonlyMap<string, Rule> {
  const rules = parseRules(readProjectFile(RULES));
  return new Map(rules.flatMap((rule) => (rule.alert === undefined ? [] : [[rule.alert, rule]])));
}
