import type { SysctlRule } from '../../posture/policy/policy.ts';
import { type CheckRow, fallsShort } from '../check-row.ts';
import type { Readings } from '../readings.ts';
import { Commands } from '../remedies/commands.ts';
import { sysctlCosts } from '../remedies/costs.ts';
import { persistRemedies } from '../remedies/persist-remedies.ts';
import { setNow } from '../remedies/set-now.ts';
import type { Finding, Remedy } from './finding.ts';
import { sysctlProblems } from './sysctl-problems.ts';

/**
 * What is wrong with one sysctl, and how to mend it; nothing if the policy is kept. Takes the rules of the sysctl and all its rows.
 * Pure; throws nothing.
 */
export function sysctlFinding(rules: readonly SysctlRule[], rows: readonly CheckRow[], readings: Readings): Finding[] {
  const short = rows.filter(fallsShort);
  const [{ sysctl } = { sysctl: '' }] = rules;
  if (short.length === 0) return [];
  return [
    {
      severity: 'violation',
      kind: 'sysctl',
      subject: sysctl,
      title: `${sysctl} is not what the policy wants`,
      problems: rules.flatMap((rule) =>
        sysctlProblems(
          rule,
          rows.filter(({ family }) => family === rule.family),
        ),
      ),
      interfaces: [...new Set(short.map((row) => row.interface))].filter((name) => name !== ''),
      remedies: [...nowRemedy(rules, rows, readings), ...bootRemedies(rules, rows, readings)],
    },
  ];
}

function nowRemedy(rules: readonly SysctlRule[], rows: readonly CheckRow[], readings: Readings): Remedy[] {
  const commands = rules.flatMap((rule) =>
    setNow(
      rule,
      rows.filter(({ family }) => family === rule.family),
      readings.isFiltered,
      new Commands(readings.isRoot),
    ),
  );
  if (commands.length === 0) return [];
  const changes = 'Sets the values in the running system, until the next reboot.';
  return [{ when: 'now', changes, costs: sysctlCosts(rules[0]?.sysctl ?? ''), commands }];
}

function bootRemedies(rules: readonly SysctlRule[], rows: readonly CheckRow[], readings: Readings): Remedy[] {
  if (!rows.some(({ persisted }) => persisted?.compliant === false)) return [];
  const expecting = rules.filter(({ expect }) => expect !== undefined);
  return persistRemedies(expecting, rows, readings);
}
