import { closeSync, constants, openSync } from 'node:fs';
import { renderJson } from '../check/render/render-json.ts';
import { renderTable } from '../check/render/render-table.ts';
import { makeReport } from '../check/report.ts';
import { newLogFiles } from '../input/log-files.ts';
import { openError } from '../input/open-error.ts';
import { BootConfiguration } from '../posture/boot/boot-configuration.ts';
import { readHostNetworkNamespace } from '../posture/namespace.ts';
import { readObservability } from '../posture/observability/observability.ts';
import { readPosture } from '../posture/runtime/runtime.ts';
import { type InputConfig, inputConfig } from './config/input-config.ts';
import { postureConfig } from './config/posture-config.ts';
import type { Environment } from './environment.ts';
import type { CHECK_FLAGS } from './flags/check-flags.ts';
import type { FlagValues } from './flags/flags.ts';
import { oneOf } from './flags/read-flag.ts';
import { readBootFiles } from './read-boot-files.ts';

/**
 * Reads the posture of this host and shows it. Gives the exit code: 0 if the policy is kept now and after a boot, 1 if it is not or that
 * cannot be told. Blind spots are shown and do not count. Throws UsageError naming the flag, or the file and line.
 */
export async function check(flags: FlagValues<typeof CHECK_FLAGS>, environment: Environment): Promise<number> {
  const format = oneOf('format', flags.format, ['table', 'json']);
  const { procfs, sysfs, rootfs, rules, interfaceInclude, interfaceExclude, maxInterfaces } = postureConfig(flags);
  const logs = tryLogs(inputConfig(flags));
  const configuration = new BootConfiguration(rootfs, environment.monotonic);
  const { applier, reason, error, predict } = configuration.read();
  configuration.close();
  const hostNetworkNamespace = readHostNetworkNamespace(procfs);
  const report = makeReport({
    rules,
    posture: readPosture({
      ...{ procfs, sysfs, rules, predict },
      ...{ include: interfaceInclude, exclude: interfaceExclude, interfacesMax: Number.POSITIVE_INFINITY },
    }),
    isFiltered: interfaceInclude !== undefined || interfaceExclude !== undefined,
    boot: { applier, reason, error, ...readBootFiles(rootfs, applier) },
    observability: readObservability({
      ...{ procfs, sysfs, hostNetworkNamespace },
      logReadable: logs.every((log) => log.error === undefined),
    }),
    hostNetworkNamespace,
    logs,
    isRoot: environment.uid === 0,
  });
  const color = environment.stdoutIsTerminal && !environment.noColor;
  environment.stdout(format === 'json' ? renderJson(report, maxInterfaces) : renderTable(report, color));
  return report.verdict === 'compliant' ? 0 : 1;
}

/** Opens what would be followed: whether it can be read is known only then. */
function tryLogs({ kmsg, files }: InputConfig): { input: string; error?: string }[] {
  if (files.length === 0) return [tryLog(kmsg, 'device')];
  const found = newLogFiles(files, []);
  if (found.length === 0) return files.map((input) => ({ input, error: `No file matches ${input}` }));
  return found.map((input) => tryLog(input, 'file'));
}

function tryLog(input: string, kind: 'device' | 'file'): { input: string; error?: string } {
  try {
    // A FIFO without a writer would be waited for.
    closeSync(openSync(input, constants.O_RDONLY | constants.O_NONBLOCK));
    return { input };
  } catch (cause) {
    return { input, error: openError(input, cause, kind).message };
  }
}
