import type { SysctlRule } from '../../posture/policy/policy.ts';
import type { CheckRow } from '../check-row.ts';
import type { Remedy } from '../findings/finding.ts';
import type { Readings } from '../readings.ts';
import { Commands } from './commands.ts';
import { labelBytes } from './label-bytes.ts';
import { planPersist } from './persist.ts';
import { shellWord } from './shell-word.ts';

/** How to make the boot keep all rules of one sysctl, for the interfaces of the rows. Pure; throws nothing. */
export function persistRemedies(rules: readonly SysctlRule[], rows: readonly CheckRow[], readings: Readings): Remedy[] {
  const { boot, isRoot } = readings;
  const labels = (family: string) => rows.filter((row) => row.family === family).map((row) => row.interface);
  const { file, lines, edits, works } = planPersist(boot, rules, labels);
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
