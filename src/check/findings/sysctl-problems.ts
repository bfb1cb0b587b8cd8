import type { SysctlRule } from '../../posture/policy/policy.ts';
import { type CheckRow, fallsShort } from '../check-row.ts';
import { familyName, names, verb } from '../render/names.ts';
import { takingSourceRoutes } from '../taking-source-routes.ts';

type Scope = 'runtime' | 'effective' | 'persisted';

/** What is wrong with the rows of one rule, a sentence each. Pure; throws nothing. */
export function sysctlProblems(rule: SysctlRule, rows: readonly CheckRow[]): string[] {
  const short = (scope: Scope) => rows.filter((row) => row[scope]?.compliant === false).map((row) => row.interface);
  const now = short('runtime');
  const effective = short('effective');
  const later = short('persisted');
  const family = familyName(rule.family);
  const isSourceRoute = rule.sysctl === 'accept_source_route';
  const problems: string[] = [];
  if (rule.combine === undefined) return rows.filter(fallsShort).map(globalProblem);

  if (effective.length > 0 && isSourceRoute && rule.family === 'ipv4') {
    problems.push(`${names(effective)} ${verb(effective.length, 'accepts', 'accept')} source-routed IPv4 packets now.`);
  } else if (effective.length > 0) {
    problems.push(`The kernel acts on a forbidden ${family} value for ${names(effective)}.`);
  } else if (now.length > 0 && rule.combine === 'and') {
    problems.push(
      `${family} all is 0 and keeps the kernel from acting on the value of ${names(now)}: one change of all, and it does.`,
    );
  } else if (now.length > 0) {
    problems.push(`The kernel does not act on the ${family} value of ${names(now)}, but the policy forbids it.`);
  }
  if ((now.length > 0 || later.length > 0) && isSourceRoute && rule.family === 'ipv6') {
    problems.push(
      'For IPv6 a positive value is as 0 to the kernel; type 0 routing headers are refused whatever it is.',
    );
  }
  if (rule.family === 'ipv4' && isSourceRoute && effective.length === 0) {
    const after = takingSourceRoutes(rows, 'persisted', 'accepts');
    if (after.length > 0) problems.push(`After the next boot ${names(after)} will accept source-routed IPv4 packets.`);
  }
  const isPredicted = rows.some(({ persisted }) => persisted !== undefined);
  if (now.length > 0 && later.length === 0 && isPredicted) {
    problems.push(
      `${family} is right in the boot's files: what is wrong now was set since, or the files were not applied.`.trim(),
    );
  }
  if (now.length === 0 && effective.length === 0 && later.length > 0) {
    problems.push(
      `${family} is right now, but no boot will make it so: the files of the boot say something else, or nothing.`.trim(),
    );
  }
  if (isTrapped(rows, 'runtime') || isTrapped(rows, 'persisted')) {
    problems.push(
      'lo never takes over the value of default: it is there before any file is applied. It needs a line of its own, or a pattern.',
    );
  }
  return problems;
}

function isTrapped(rows: readonly CheckRow[], scope: 'runtime' | 'persisted'): boolean {
  const verdict = (name: string) => rows.find((row) => row.interface === name)?.[scope]?.compliant;
  return verdict('lo') === false && verdict('default') === true;
}

function globalProblem({ runtime, persisted }: CheckRow): string {
  return `It is ${runtime?.value ?? 'unknown'} now, and will be ${persisted?.value ?? 'unknown'} after a boot.`;
}
