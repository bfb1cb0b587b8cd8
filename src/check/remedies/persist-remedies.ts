import type { SysctlRule } from '../../posture/policy/policy.ts';
import type { CheckRow } from '../check-row.ts';
import type { Remedy } from '../findings/finding.ts';
import type { Readings } from '../readings.ts';
import { familyName, names } from '../render/names.ts';
import { Commands } from './commands.ts';
import { labelBytes } from './label-bytes.ts';
import { planPersist } from './persist.ts';
import { shellWord } from './shell-word.ts';
import { describeExpectation } from './wanted-value.ts';

/**
 * How to make the boot keep all rules of one sysctl, for the interfaces of the rows: words alone where nobody knows what the boot makes of a
 * file. Pure; throws nothing.
 */
export function persistRemedies(rules: readonly SysctlRule[], rows: readonly CheckRow[], readings: Readings): Remedy[] {
  const { boot, isRoot } = readings;
  const { applier, files } = boot;
  if (applier === 'unknown') return [byHand(rules)];
  const labels = (family: string) => rows.filter((row) => row.family === family).map((row) => row.interface);
  const { file, lines, edits, works } = planPersist({ applier, files }, rules, labels);
  const commands = new Commands(isRoot);
  const doubt = works ? '' : ' The prediction still falls short with it: run check again and look at what decides.';
  const write: Remedy = {
    when: 'boot',
    changes: `Writes ${file}, which every boot applies after the files that sort before it.${doubt}`,
    commands: [
      ...(boot.hasDirectory ? [] : [commands.run('mkdir', '-p', '/etc/sysctl.d')]),
      commands.write(lines, file),
    ],
  };
  if (edits.length === 0) return [write];
  const paths = [...new Set(edits.map((edit) => edit.file))];
  return [
    write,
    {
      when: 'boot',
      changes: 'Switches off the lines that would win over that file, because they are read after it.',
      commands: paths.map((path) => {
        const scripts = edits.filter((edit) => edit.file === path).map(({ line }) => `-e '${line}s/^/# /'`);
        return commands.run('sed -i --follow-symlinks', ...scripts, shellWord(labelBytes(path)));
      }),
    },
  ];
}

/** Without patterns, which not every sysctl knows, and with every name: not every boot takes the value of default over. */
function byHand(rules: readonly SysctlRule[]): Remedy {
  const wanted = rules.flatMap(({ family, sysctl, expect }) =>
    expect === undefined ? [] : `${familyName(family)} ${sysctl} ${describeExpectation(expect)}`.trim(),
  );
  return {
    when: 'boot',
    changes: `After a reboot: have this host set ${names(wanted, 4)}, with a line of its own for all, default and every interface, and without patterns. Reboot, then run check again. No command is printed, because none could be tried on a prediction.`,
    commands: [],
  };
}
