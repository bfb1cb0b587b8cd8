import { BUILT_IN_POLICY, type SysctlRule } from '../../posture/policy/policy.ts';
import { readPolicy } from '../../posture/policy/read-policy.ts';
import type { FlagValues } from '../flags/flags.ts';
import type { POSTURE_FLAGS } from '../flags/posture-flags.ts';
import { checked, integer, notEmpty, regex } from '../flags/read-flag.ts';

/** Where the posture is read, what is expected, and of which interfaces. */
export interface PostureConfig {
  readonly procfs: string;
  readonly sysfs: string;
  readonly rootfs: string;
  /** Undefined for the built-in policy. */
  readonly policyFile: string | undefined;
  /** What the file says, or the built-in policy. */
  readonly rules: readonly SysctlRule[];
  readonly interfaceInclude: RegExp | undefined;
  readonly interfaceExclude: RegExp | undefined;
  readonly maxInterfaces: number;
}

/** Checks the flags of the posture and reads the policy file. Throws UsageError naming the flag, or the file and line. */
export function postureConfig(flags: FlagValues<typeof POSTURE_FLAGS>): PostureConfig {
  const policyFile = flags['sysctl.policy'];
  return {
    procfs: notEmpty('path.procfs', flags['path.procfs']),
    sysfs: notEmpty('path.sysfs', flags['path.sysfs']),
    rootfs: notEmpty('path.rootfs', flags['path.rootfs']),
    policyFile,
    rules: policyFile === undefined ? BUILT_IN_POLICY : checked('sysctl.policy', () => readPolicy(policyFile)),
    interfaceInclude: regex('sysctl.interface-include', flags['sysctl.interface-include']),
    interfaceExclude: regex('sysctl.interface-exclude', flags['sysctl.interface-exclude']),
    maxInterfaces: integer('sysctl.interfaces-max', flags['sysctl.interfaces-max'], 0, 100_000),
  };
}
