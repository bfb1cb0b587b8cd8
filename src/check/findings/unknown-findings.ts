import type { CheckRow } from '../check-row.ts';
import type { Readings } from '../readings.ts';
import { persistRemedies } from '../remedies/persist-remedies.ts';
import { count, familyName, names } from '../render/names.ts';
import type { Finding } from './finding.ts';

/** What could not be read, so that nobody may call it fine. Pure; throws nothing. */
export function unknownFindings(readings: Readings, rows: readonly CheckRow[]): Finding[] {
  const { posture, boot, rules } = readings;
  const findings: Finding[] = [];
  if (posture.error !== undefined) findings.push(unknown('posture', posture.error));
  if (boot.error !== undefined) {
    findings.push(unknown('boot', `What a boot will make of it is not certain: ${boot.error}.`));
  } else if (boot.reason !== undefined) {
    findings.push(unknownBoot(boot.reason, readings));
  }
  for (const { family, sysctl, scope, verdict, count: number } of posture.counts) {
    if (scope !== 'runtime' || verdict !== 'unreadable' || number === 0) continue;
    findings.push(unknown(sysctl, `${familyName(family)} ${sysctl} cannot be read on ${count(number, 'interface')}.`));
  }
  const wanting = rules.filter(({ expect, combine }) => expect !== undefined && combine !== undefined);
  for (const { family, sysctl } of wanting) {
    const ours = rows.filter((row) => row.family === family && row.sysctl === sysctl);
    const missing = ['all', 'default'].filter((name) => !ours.some((row) => row.interface === name && row.runtime));
    if (ours.length > 0 && missing.length > 0) {
      findings.push(unknown(sysctl, `${familyName(family)} ${sysctl} cannot be read for ${names(missing)}.`));
    }
  }
  // One that is missing does not apply here; which of the two it is, only the number of errors tells.
  const globals = rules.filter(({ expect, combine }) => expect !== undefined && combine === undefined);
  for (const { sysctl } of posture.readErrors === 0 ? [] : globals) {
    if (!rows.some((row) => row.sysctl === sysctl && row.runtime)) {
      findings.push(unknown(sysctl, `${sysctl} cannot be read.`));
    }
  }
  return findings;
}

/** Everything was read, and nobody knows what the boot makes of it. */
function unknownBoot(reason: string, readings: Readings): Finding {
  const expecting = readings.rules.filter(({ expect }) => expect !== undefined);
  return {
    severity: 'unknown',
    kind: 'boot_applier',
    subject: 'boot',
    title: 'After a reboot: cannot tell',
    problems: [reason],
    interfaces: [],
    remedies: expecting.length === 0 ? [] : persistRemedies(expecting, [], readings),
  };
}

function unknown(subject: string, problem: string): Finding {
  return {
    severity: 'unknown',
    kind: 'unreadable',
    subject,
    title: `${subject} could not be read`,
    problems: [problem],
    interfaces: [],
    remedies: [
      {
        when: 'now',
        changes: 'Run it as root, or see that --path.procfs and --path.rootfs lead to the host.',
        costs: 'None: check changes nothing, whoever runs it.',
        commands: [],
      },
    ],
  };
}
