import type { SysctlRule } from '../../posture/policy/policy.ts';
import { interfaceLabel } from '../../posture/runtime/interface-name.ts';
import type { CheckRow } from '../check-row.ts';
import type { Remedy } from '../findings/finding.ts';
import type { Readings } from '../readings.ts';
import { familyName, names } from '../render/names.ts';
import { Commands } from './commands.ts';
import { sysctlCosts } from './costs.ts';
import { labelBytes } from './label-bytes.ts';
import { planPersist } from './persist.ts';
import type { Edit } from './switch-off.ts';
import { describeExpectation } from './wanted-value.ts';

/**
 * How to make the boot keep all rules of one sysctl, for the interfaces of the rows: words alone where nobody knows what the boot makes
 * of a file.
 */
export function persistRemedies(rules: readonly SysctlRule[], rows: readonly CheckRow[], readings: Readings): Remedy[] {
  const { boot, isFiltered, isRoot } = readings;
  const labels = (family: string) => rows.filter((row) => row.family === family).map((row) => row.interface);
  const costs = sysctlCosts(rules[0]?.sysctl ?? '');
  const { applier, files, lastingFiles } = boot;
  if (applier === 'unknown') return [byHand(rules, costs)];
  if (boot.directory !== undefined && !boot.directory.startsWith('/etc/')) return [outsideEtc(boot.directory, costs)];
  const isForEvery = !isFiltered && rows.some((row) => row.interface === 'default');
  const { file, lines, edits, works } = planPersist({ applier, files, lastingFiles }, { rules, labels, isForEvery });
  const commands = new Commands(isRoot);
  const doubt = works
    ? ''
    : ' The predicted values still violate the policy: run check again to see which line decides.';
  return [
    {
      when: 'boot',
      changes: `Writes ${file}, which is applied at every boot, after the files that sort before it. Replaces an older file of this name.${doubt}`,
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

function switchOffRemedy({ source, target, script }: Edit, commands: Commands): Remedy {
  const [from, to] = [Buffer.from(source, 'latin1'), Buffer.from(target, 'latin1')];
  const lines = script.length === 1 ? 'the line that overrides' : 'the lines that override';
  const isCopy = source !== target;
  return {
    when: 'boot',
    changes: isCopy
      ? `Copies ${interfaceLabel(from)} to ${interfaceLabel(to)}, which is read at boot instead, and comments out ${lines} the file above.`
      : `In ${interfaceLabel(to)}, comments out ${lines} the file above.`,
    costs: isCopy
      ? 'Updates of the copied file have no effect while the copy exists.'
      : 'None beyond that of the file above: no other line changes.',
    commands: [commands.editFile(script, from, to)],
  };
}

function outsideEtc(directory: string, costs: string): Remedy {
  const path = interfaceLabel(Buffer.from(directory, 'latin1'));
  return {
    when: 'boot',
    changes: `Make /etc/sysctl.d a directory of its own and run check again. It leads to ${path}, outside /etc.`,
    costs,
    commands: [],
  };
}

/** Without patterns, which not every sysctl knows, and with every name: not every boot copies the value of default. */
function byHand(rules: readonly SysctlRule[], costs: string): Remedy {
  const expected = rules.flatMap(({ family, sysctl, expect }) =>
    expect === undefined ? [] : `${familyName(family)} ${sysctl} ${describeExpectation(expect)}`.trim(),
  );
  return {
    when: 'boot',
    changes: `Make this host set ${names(expected, 4)} at boot, with a line each for all, default and every interface, and without patterns. Reboot, then run check again. No command is printed, because none could be tested on a prediction.`,
    costs,
    commands: [],
  };
}
