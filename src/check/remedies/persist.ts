import type { KnownApplier } from '../../posture/boot/appliers.ts';
import {
  complies,
  type Family,
  type GlobalRule,
  type InterfaceRule,
  type SysctlRule,
} from '../../posture/policy/policy.ts';
import type { Prediction } from '../../posture/prediction.ts';
import { interfaceLabel } from '../../posture/runtime/interface-name.ts';
import type { BootFile, BootFiles } from '../readings.ts';
import { labelBytes } from './label-bytes.ts';
import { ownFiles } from './own-file.ts';
import { baseName, predictBoot, withFile } from './predict-boot.ts';
import { commentOut, type Edit, targetOf } from './switch-off.ts';
import { wantedValue } from './wanted-value.ts';

/** A file to write, and lines of other files to switch off, after which a boot keeps the policy. */
export interface PersistPlan {
  /** As a label. */
  readonly file: string;
  /** Bytes in latin1. */
  readonly lines: readonly string[];
  /** Lines that would win even so. */
  readonly edits: readonly Edit[];
  /** Whether a boot of these files does keep the policy. */
  readonly works: boolean;
}

/** The files that a boot reads, and what applies them. */
export interface PlannedBoot extends Pick<BootFiles, 'files' | 'lastingFiles'> {
  readonly applier: KnownApplier;
}

/** The rules of one sysctl, and what they are to hold for. */
export interface Goal {
  /** All with something that is expected. */
  readonly rules: readonly SysctlRule[];
  /** Labels of `all`, `default` and the interfaces. */
  readonly labels: (family: Family) => readonly string[];
  /** Whether interfaces without a label, and those to come, are to be reached by a pattern. */
  readonly isForEvery: boolean;
}

/** Lines that are switched off in all, before it is given up. */
const MAX_EDITS = 20;

/**
 * Finds what makes a boot keep all rules of one sysctl. It is tried on the prediction itself, with the files below /run and without: a
 * boot empties it. Explicit lines beat patterns wherever they are, a pattern that is written twice keeps its first place, and files of
 * later names win.
 */
export function planPersist({ applier, files, lastingFiles }: PlannedBoot, goal: Goal): PersistPlan {
  const boots: Boots = { applier, trees: [files, lastingFiles] };
  const names = ownFiles(goal.rules[0]?.sysctl ?? '', applier, boots.trees.flat());
  const careful = names.map((file) => planFile(boots, file, goal, isFree));
  const plans = careful.some(({ works }) => works)
    ? careful
    : names.map((file) => planFile(boots, file, goal, () => true));
  const worth = ({ works, edits }: PersistPlan) => (works ? edits.length : MAX_EDITS + 1);
  return [...plans].sort((a, b) => worth(a) - worth(b))[0] as PersistPlan;
}

/** Boots of the same host that differ in the files that they find. */
interface Boots {
  readonly applier: KnownApplier;
  readonly trees: readonly (readonly BootFile[])[];
}

/** The plan that writes this file. Rules that may take patterns get them, others lines for what violates them. */
function planFile(boots: Boots, file: string, goal: Goal, takesPatterns: typeof isFree): PersistPlan {
  const lines = goal.rules.filter((rule) => takesPatterns(without(boots, file), rule, goal)).flatMap(baseLines(goal));
  const missing = shortfalls(withOwn(boots, file, lines), goal);
  lines.push(...missing.flatMap(({ rule, label }) => (isInterfaceRule(rule) ? ownLine(rule, label) : [])));
  return switchOff(boots, file, [...new Set(lines)], goal);
}

function without({ applier, trees }: Boots, label: string): Boots {
  return { applier, trees: trees.map((files) => files.filter((file) => file.label !== label)) };
}

function withOwn({ applier, trees }: Boots, label: string, lines: readonly string[]): Boots {
  const own: BootFile = { label, path: labelBytes(label).toString('latin1'), text: `${lines.join('\n')}\n` };
  return { applier, trees: trees.map((files) => withFile(applier, files, own)) };
}

/** Whether no value is right by somebody's choice, such as -1 where at most 0 is wanted: a pattern would undo it. */
function isFree({ applier, trees }: Boots, rule: SysctlRule, goal: Goal): boolean {
  const { expect } = rule;
  if (expect === undefined) return false;
  const names = namesOf(rule, goal).map(labelBytes);
  return trees
    .flatMap((files) => predictBoot(applier, files)(rule, names))
    .every(({ value }) => value === undefined || value === wantedValue(expect) || !complies(value, expect));
}

function switchOff(boots: Boots, file: string, lines: readonly string[], goal: Goal): PersistPlan {
  const edits = new Map<string, Edit>();
  let edited = withOwn(boots, file, lines);
  for (let count = 0; count < MAX_EDITS; count += 1) {
    const short = shortfalls(edited, goal);
    if (short.length === 0) return { file, lines, edits: [...edits.values()], works: true };
    const change = short.map(({ by }) => editOf(edited, by, file)).find((each) => each !== undefined);
    if (change === undefined) break;
    const { source, target, script } = change;
    const before = edits.get(target);
    edits.set(target, { source: before?.source ?? source, target, script: [...(before?.script ?? []), script] });
    edited = { ...edited, trees: edited.trees.map((files) => files.map(change.apply)) };
  }
  return { file, lines, edits: [...edits.values()], works: false };
}

/** How to switch the line off that decides, unless it is ours or must stay. */
function editOf({ applier, trees }: Boots, { file, line }: Prediction, own: string) {
  const decisive = trees.flat().find(({ label }) => label === file);
  if (decisive === undefined || line === undefined || file === own) return undefined;
  const source = decisive.path;
  const target = targetOf(decisive);
  const edited = commentOut(applier, decisive, line);
  if (target === undefined || edited === undefined) return undefined;
  const { text, script } = edited;
  const label = interfaceLabel(Buffer.from(target, 'latin1'));
  const isHidden = (each: BootFile) =>
    each.label === file ||
    (label.startsWith('/etc/sysctl.d/') && /\/sysctl\.d\//.test(each.label) && baseName(each) === baseName(decisive));
  const apply = (each: BootFile): BootFile => {
    if (source === target) return each.path === source ? { ...each, text } : each;
    return isHidden(each) ? { label, path: target, text } : each;
  };
  return { source, target, script, apply };
}

/** A sysctl of an interface, or the one, that the policy forbids after a boot. */
interface Shortfall {
  readonly rule: SysctlRule;
  readonly label: string;
  readonly by: Prediction;
}

function shortfalls({ applier, trees }: Boots, goal: Goal): Shortfall[] {
  return trees.flatMap((files) => {
    const predict = predictBoot(applier, files);
    return goal.rules.flatMap((rule) => {
      const { expect } = rule;
      const names = namesOf(rule, goal);
      return predict(rule, names.map(labelBytes)).flatMap((by, index) =>
        expect === undefined || (by.value !== undefined && complies(by.value, expect))
          ? []
          : [{ rule, label: names[index] as string, by }],
      );
    });
  });
}

function namesOf(rule: SysctlRule, { labels }: Goal): readonly string[] {
  return isInterfaceRule(rule) ? labels(rule.family) : [''];
}

function isInterfaceRule(rule: SysctlRule): rule is InterfaceRule {
  return rule.combine !== undefined;
}

function baseLines(goal: Goal): (rule: SysctlRule) => string[] {
  return (rule) => {
    if (rule.expect === undefined) return [];
    const value = wantedValue(rule.expect);
    if (!isInterfaceRule(rule))
      return [`${(rule as GlobalRule).directory}/${rule.sysctl}=${value}`.replaceAll('/', '.')];
    const labels = goal.labels(rule.family);
    const pattern = goal.isForEvery ? [`net.${rule.family}.conf.*.${rule.sysctl}=${value}`] : [];
    // `all` and `default` by name although the pattern means them too: vendors exclude `all` from patterns. What it does not reach, of a
    // name that begins with a dot, may be there before the files are applied.
    const isCommon = (label: string) => label === 'all' || label === 'default';
    const isMissed = (label: string) => !isCommon(label) && (!goal.isForEvery || label.startsWith('.'));
    const own = (label: string) => ownLine(rule, label);
    return [...labels.filter(isCommon).flatMap(own), ...pattern, ...labels.filter(isMissed).flatMap(own)];
  };
}

/** A line of one interface. What means something to an applier is any character: the line becomes a pattern. */
function ownLine({ family, sysctl, expect }: InterfaceRule, label: string): string[] {
  if (expect === undefined) return [];
  const value = wantedValue(expect);
  if (/^[\w-]+$/.test(label)) return [`net.${family}.conf.${label}.${sysctl}=${value}`];
  const name = labelBytes(label)
    .toString('latin1')
    .replace(/[=*?[\]{}\\]/g, '?');
  return [`net/${family}/conf/${name}/${sysctl}=${value}`];
}
