import type { KnownApplier } from '../../posture/boot/appliers.ts';
import type { ConfigFile } from '../../posture/boot/read-config-file.ts';
import {
  complies,
  type Family,
  type GlobalRule,
  type InterfaceRule,
  type SysctlRule,
} from '../../posture/policy/policy.ts';
import type { Predict, Prediction } from '../../posture/prediction.ts';
import { labelBytes } from './label-bytes.ts';
import { predictBoot, withFile } from './predict-boot.ts';
import { wantedValue } from './wanted-value.ts';

/** A file to write, and lines of other files to switch off, after which a boot keeps the policy. */
export interface PersistPlan {
  readonly file: string;
  readonly lines: readonly string[];
  /** Lines that would win even so. */
  readonly edits: readonly { readonly file: string; readonly line: number }[];
  /** Whether a boot of these files does keep the policy. */
  readonly works: boolean;
}

/** Who applies which files, in the order of reading. */
export interface PlannedBoot {
  readonly applier: KnownApplier;
  readonly files: readonly ConfigFile[];
}

/** Each sorts after the one before: what stands in files that sort later wins. */
const PREFIXES = ['99-zz-', 'zz-', 'zzzz-'];
/** Lines that are switched off in all, before it is given up. */
const MAX_EDITS = 20;

/**
 * Finds what makes a boot keep all rules of one sysctl. Takes the rules (that expect something), and the labels of `all`, `default`
 * and the interfaces by family. It is tried on the prediction itself: explicit lines beat patterns wherever they stand, a pattern that is
 * written twice keeps its first place, and files of later names win. Pure; throws nothing.
 */
export function planPersist(
  { applier, files }: PlannedBoot,
  rules: readonly SysctlRule[],
  labels: (family: Family) => readonly string[],
): PersistPlan {
  const others = (file: string) => files.filter(({ label }) => label !== file);
  const plans = PREFIXES.map((prefix): PersistPlan => {
    const file = `/etc/sysctl.d/${prefix}${fileName(rules[0]?.sysctl ?? '')}.conf`;
    const lines = rules.filter((rule) => isOurs(predictBoot(applier, others(file)), rule, labels)).flatMap(baseLines);
    const missing = () =>
      shortfalls(predictBoot(applier, withFile(applier, files, config(file, lines))), rules, labels);
    lines.push(...missing().flatMap(({ rule, label }) => (isInterfaceRule(rule) ? ownLine(rule, label) : [])));
    return { file, lines: [...new Set(lines)], edits: [], works: missing().length === 0 };
  });
  const [first] = plans as [PersistPlan, ...PersistPlan[]];
  return plans.find(({ works }) => works) ?? switchOff({ applier, files }, first, rules, labels);
}

/** Not a rule that is kept already by values of somebody's choice, such as -1 where at most 0 is wanted. */
function isOurs(predict: Predict, rule: SysctlRule, labels: (family: Family) => readonly string[]): boolean {
  const { expect } = rule;
  if (expect === undefined || shortfalls(predict, [rule], labels).length > 0) return true;
  const names = isInterfaceRule(rule) ? labels(rule.family) : [''];
  return predict(rule, names.map(labelBytes)).every(({ value }) => value === wantedValue(expect));
}

function switchOff(
  { applier, files }: PlannedBoot,
  plan: PersistPlan,
  rules: readonly SysctlRule[],
  labels: (family: Family) => readonly string[],
): PersistPlan {
  const edits: { file: string; line: number }[] = [];
  let edited = withFile(applier, files, config(plan.file, plan.lines));
  while (edits.length < MAX_EDITS) {
    const short = shortfalls(predictBoot(applier, edited), rules, labels);
    if (short.length === 0) return { ...plan, edits, works: true };
    const culprit = short.find(({ by }) => by.line !== undefined && by.file !== plan.file)?.by;
    if (culprit?.line === undefined) break;
    const { file, line } = culprit;
    edits.push({ file, line });
    edited = edited.map((each) => (each.label === file ? { ...each, text: commentOut(each.text, line) } : each));
  }
  return { ...plan, edits, works: false };
}

/** A sysctl of an interface, or the one, that the policy forbids after a boot. */
interface Shortfall {
  readonly rule: SysctlRule;
  readonly label: string;
  readonly by: Prediction;
}

function shortfalls(
  predict: Predict,
  rules: readonly SysctlRule[],
  labels: (family: Family) => readonly string[],
): Shortfall[] {
  return rules.flatMap((rule) => {
    const { expect } = rule;
    const names = isInterfaceRule(rule) ? labels(rule.family) : [''];
    return predict(rule, names.map(labelBytes)).flatMap((by, index) =>
      expect === undefined || (by.value !== undefined && complies(by.value, expect))
        ? []
        : [{ rule, label: names[index] as string, by }],
    );
  });
}

function isInterfaceRule(rule: SysctlRule): rule is InterfaceRule {
  return rule.combine !== undefined;
}

function baseLines(rule: SysctlRule): string[] {
  if (rule.expect === undefined) return [];
  const value = wantedValue(rule.expect);
  if (!isInterfaceRule(rule)) return [`${(rule as GlobalRule).directory}/${rule.sysctl}=${value}`.replaceAll('/', '.')];
  // `all` and `default` by name although the pattern means them too: vendors exclude `all` from patterns.
  return ['all', 'default', '*'].map((name) => `net.${rule.family}.conf.${name}.${rule.sysctl}=${value}`);
}

/** A line of one interface. What would mean something to the applier is any character: it becomes a pattern. */
function ownLine({ family, sysctl, expect }: InterfaceRule, label: string): string[] {
  if (expect === undefined) return [];
  const value = wantedValue(expect);
  if (/^[\w-]+$/.test(label)) return [`net.${family}.conf.${label}.${sysctl}=${value}`];
  const name = labelBytes(label)
    .toString('latin1')
    .replace(/[^\w.@,+-]/g, '?');
  return [`net/${family}/conf/${name}/${sysctl}=${value}`];
}

function config(label: string, lines: readonly string[]): ConfigFile {
  return { label, text: `${lines.join('\n')}\n` };
}

function commentOut(text: string, line: number): string {
  return text
    .split('\n')
    .map((each, index) => (index + 1 === line ? `# ${each}` : each))
    .join('\n');
}

function fileName(sysctl: string): string {
  return sysctl === 'accept_source_route' ? 'source-route' : sysctl.replaceAll('_', '-');
}
