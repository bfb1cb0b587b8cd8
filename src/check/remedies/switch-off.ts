import { APPLIERS, type BootApplier } from '../../posture/boot/appliers.ts';
import { parseConfig } from '../../posture/boot/parse-config.ts';
import type { BootFile } from '../readings.ts';
import { labelBytes } from './label-bytes.ts';
import { baseName } from './predict-boot.ts';

/** Lines of one file that are made comments. Paths are bytes in latin1. */
export interface Edit {
  readonly source: string;
  /** The source, or the file in /etc that becomes its copy and hides it. */
  readonly target: string;
  readonly lines: readonly number[];
}

/** Where a file may be edited: only /etc is the administrator's. /run is emptied by a boot, the rest belongs to packages. */
export function targetOf(file: BootFile): string | undefined {
  const { label, path } = file;
  if (path.startsWith('/etc/')) return path;
  if (label.startsWith('/run/') || path.startsWith('/run/')) return undefined;
  return label.startsWith('/etc/') ? labelBytes(label).toString('latin1') : `/etc/sysctl.d/${baseName(file)}`;
}

/** A file with one line as a comment, as sed makes it; undefined where the applier does not count lines as sed does. */
export function commentOut(applier: BootApplier, { text }: BootFile, line: number): string | undefined {
  const edited = text
    .split('\n')
    .map((each, index) => (index + 1 === line ? `# ${each}` : each))
    .join('\n');
  const settings = (content: string) => parseConfig(APPLIERS[applier], [{ label: '', text: content }]);
  const [before, after] = [settings(text), settings(edited)];
  return after.length === before.length - 1 && after.every((setting) => setting.line !== line) ? edited : undefined;
}
