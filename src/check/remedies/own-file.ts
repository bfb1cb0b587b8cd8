import { APPLIERS, type KnownApplier } from '../../posture/boot/appliers.ts';
import { parseConfig } from '../../posture/boot/parse-config.ts';
import type { ConfigFile } from '../../posture/boot/read-config-file.ts';
import { interfaceLabel } from '../../posture/runtime/interface-name.ts';
import { baseName } from './predict-boot.ts';

/** NAME_MAX, less the end of the name that a file has until it is complete. */
const LONGEST_NAME = 255 - '.new'.length;

/**
 * Labels of the files that may be written for a sysctl, the best first: what was written before, the name that is shipped, and the
 * shortest name that sorts after all others. A file that is there and sets anything else is none of these.
 */
export function ownFiles(sysctl: string, applier: KnownApplier, files: readonly ConfigFile[]): string[] {
  const end = `z-${sysctl === 'accept_source_route' ? 'source-route' : sysctl.replaceAll('_', '-')}.conf`;
  const { lastFile } = APPLIERS[applier];
  const isOurs = (file: ConfigFile) =>
    file.label.startsWith('/etc/sysctl.d/') &&
    file.label.endsWith(end) &&
    parseConfig(APPLIERS[applier], [file]).every(({ key }) => key.endsWith(`/${sysctl}`));
  const others = files.filter((file) => file.label !== lastFile && !isOurs(file)).map(baseName);
  const last = ['.conf', ...others].sort().at(-1) as string;
  const stem = last.slice(0, -'.conf'.length);
  const beginnings = Array.from({ length: stem.length + 1 }, (_, length) => stem.slice(0, length));
  const names = ['99-z', ...beginnings]
    .map((beginning) => beginning + end)
    .filter((name) => !others.includes(name) && name.length <= LONGEST_NAME);
  const best = [names[0], names.find((name) => name > last)].filter((name) => name !== undefined);
  const labels = best.map((name) => `/etc/sysctl.d/${interfaceLabel(Buffer.from(name, 'latin1'))}`);
  return [...new Set([...files.filter(isOurs).map(({ label }) => label), ...labels])];
}
