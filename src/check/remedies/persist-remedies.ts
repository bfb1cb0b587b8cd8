import type { SysctlRule } from '../../posture/policy/policy.ts';
import type { CheckRow } from '../check-row.ts';
import type { Remedy } from '../findings/finding.ts';
import type { Readings } from '../readings.ts';
import { Commands } from './commands.ts';
import { sysctlCosts } from './costs.ts';
import { labelBytes } from './label-bytes.ts';
import { planPersist } from './persist.ts';
import type { Edit } from './switch-off.ts';

/** How to make the boot keep all rules of one sysctl, for the interfaces of the rows. */
export function persistRemedies(rules: readonly SysctlRule[], rows: readonly CheckRow[], readings: Readings): Remedy[] {
  const { boot, isFiltered, isRoot } = readings;
  const labels = (family: string) => rows.filter((row) => row.family === family).map((row) => row.interface);
  const costs = sysctlCosts(rules[0]?.sysctl ?? '');
  if (boot.directory !== undefined && !boot.directory.startsWith('/etc/')) return [outsideEtc(boot.directory, costs)];
  const isForEvery = !isFiltered && rows.some((row) => row.interface === 'default');
  const { file, lines, edits, works } = planPersist(boot, { rules, labels, isForEvery });
  const commands = new Commands(isRoot);
  const doubt = works
    ? ''
    : ' The prediction still violates the policy with it: run check again and see which line decides.';
  return [
    {
      when: 'boot',
      changes: `Writes ${file}, which every boot applies after the files that sort before it. An older file of this name is replaced.${doubt}`,
      costs,
      commands: [
        commands.replaceFile(
          lines.map((line) => Buffer.from(line, 'latin1')),
          labelBytes(file),
          boot.directory !== undefined,
        ),
      ],
    },
    ...edits.map((edit) => switchOffRemedy(edit, commands)),
  ];
}

function switchOffRemedy({ source, target, lines }: Edit, commands: Commands): Remedy {
  const script = lines.map((line) => `${line}s/^/# /`);
  const command = commands.editFile(script, Buffer.from(source, 'latin1'), Buffer.from(target, 'latin1'));
  const what = `${lines.length === 1 ? 'the line that wins' : 'the lines that win'} over that file`;
  if (source === target) {
    return {
      when: 'boot',
      changes: `Makes ${what} a comment.`,
      costs: 'None beyond that of the file above: no other line changes.',
      commands: [command],
    };
  }
  return {
    when: 'boot',
    changes: `Hides a file that is not in /etc behind a copy of it, with ${what} as a comment. An older file of the copy's name is replaced.`,
    costs: 'Updates of the hidden file have no effect as long as the copy is there.',
    commands: [command],
  };
}

function outsideEtc(directory: string, costs: string): Remedy {
  const path = Buffer.from(directory, 'latin1').toString();
  return {
    when: 'boot',
    changes: `Make /etc/sysctl.d a directory of its own and run check again. It leads to ${path}, where files belong to packages.`,
    costs,
    commands: [],
  };
}
