import { APPLIERS, type KnownApplier } from '../../posture/boot/appliers.ts';
import { parseConfig } from '../../posture/boot/parse-config.ts';
import type { BootFile } from '../readings.ts';
import { labelBytes } from './label-bytes.ts';
import { baseName } from './predict-boot.ts';

/** Lines of one file that are made comments. Paths are bytes in latin1. */
export interface Edit {
  readonly source: string;
  /** The source, or the file in /etc that becomes its copy and hides it. */
  readonly target: string;
  /** Each a script of sed for one line. */
  readonly script: readonly string[];
}

/** Where a file may be edited: only /etc is the administrator's. /run is emptied by a boot, the rest belongs to packages. */
export function targetOf(file: BootFile): string | undefined {
  const { label, path } = file;
  if (path.startsWith('/etc/')) return path;
  if (label.startsWith('/run/') || path.startsWith('/run/')) return undefined;
  return label.startsWith('/etc/') ? labelBytes(label).toString('latin1') : `/etc/sysctl.d/${baseName(file)}`;
}

/**
 * How sed makes one line of a file a comment, as long as the line begins as it did when it was read, and the text that this gives.
 * Undefined where the applier does not count lines as sed does.
 */
export function commentOut(
  applier: KnownApplier,
  { text }: BootFile,
  line: number,
): { script: string; text: string } | undefined {
  const lines = text.split('\n');
  const edited = lines.map((each, index) => (index + 1 === line ? `# ${each}` : each)).join('\n');
  const settings = (content: string) => parseConfig(APPLIERS[applier], [{ label: '', text: content }]);
  const [before, after] = [settings(text), settings(edited)];
  if (after.length !== before.length - 1 || after.some((setting) => setting.line === line)) return undefined;
  // Up to the first byte that is no character in some locale; what means something to sed is any character.
  const [beginning = ''] = /^[ -~]*/.exec(lines[line - 1] ?? '') ?? [];
  return { script: `${line}s/^${beginning.replace(/[^\w =-]/g, '.')}/# &/`, text: edited };
}
