import { APPLIERS, type KnownApplier } from '../../posture/boot/appliers.ts';
import { BootWrites } from '../../posture/boot/boot-writes.ts';
import { parseConfig } from '../../posture/boot/parse-config.ts';
import { predictor } from '../../posture/boot/predictor.ts';
import type { ConfigFile } from '../../posture/boot/read-config-file.ts';
import type { Predict } from '../../posture/prediction.ts';

/** What a boot would make of the files. Pure. */
export function predictBoot(applier: KnownApplier, files: readonly ConfigFile[]): Predict {
  return predictor(new BootWrites(APPLIERS[applier], parseConfig(APPLIERS[applier], files)));
}

/** The files as they would be with one more in /etc/sysctl.d, which hides any other of its name. Pure. */
export function withFile(applier: KnownApplier, files: readonly ConfigFile[], added: ConfigFile): ConfigFile[] {
  const name = baseName(added.label);
  const { lastFile } = APPLIERS[applier];
  const last = files.filter(({ label }) => label === lastFile);
  const others = files.filter(({ label }) => label !== lastFile && !baseName(label).equals(name));
  const sorted = [...others, added].sort((a, b) => Buffer.compare(baseName(a.label), baseName(b.label)));
  return [...sorted, ...last];
}

// The order of the appliers is that of bytes.
function baseName(label: string): Buffer {
  return Buffer.from(label.slice(label.lastIndexOf('/') + 1));
}
