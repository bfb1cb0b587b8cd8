import { APPLIERS, type KnownApplier } from '../../posture/boot/appliers.ts';
import { BootWrites } from '../../posture/boot/boot-writes.ts';
import { parseConfig } from '../../posture/boot/parse-config.ts';
import { predictor } from '../../posture/boot/predictor.ts';
import type { ConfigFile } from '../../posture/boot/read-config-file.ts';
import type { Predict } from '../../posture/prediction.ts';
import { labelBytes } from './label-bytes.ts';

/** What a boot would make of the files. */
export function predictBoot(applier: KnownApplier, files: readonly ConfigFile[]): Predict {
  return predictor(new BootWrites(APPLIERS[applier], parseConfig(APPLIERS[applier], files)));
}

/** The files as they would be with one more in /etc/sysctl.d, which hides any other of its name. */
export function withFile<File extends ConfigFile>(applier: KnownApplier, files: readonly File[], added: File): File[] {
  const name = baseName(added);
  const { lastFile } = APPLIERS[applier];
  const last = files.filter(({ label }) => label === lastFile);
  const others = files.filter((file) => file.label !== lastFile && baseName(file) !== name);
  const sorted = [...others, added].sort((a, b) => (baseName(a) < baseName(b) ? -1 : 1));
  return [...sorted, ...last];
}

/** The name of a file in its directory, as bytes in latin1: appliers sort by these. */
export function baseName({ label }: ConfigFile): string {
  return labelBytes(label.slice(label.lastIndexOf('/') + 1)).toString('latin1');
}
