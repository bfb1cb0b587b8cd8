import type { BlindSpot } from '../../posture/observability/blind-spot.ts';
import { complies, type InterfaceRule } from '../../posture/policy/policy.ts';
import type { Readings } from '../readings.ts';
import { Commands } from '../remedies/commands.ts';
import { sysctlCosts } from '../remedies/costs.ts';
import { dynamicDebugRemedies } from '../remedies/dynamic-debug.ts';
import { persistRemedies } from '../remedies/persist-remedies.ts';
import { setNow } from '../remedies/set-now.ts';
import { names } from '../render/names.ts';
import type { Finding, Remedy } from './finding.ts';
import { BLIND_SPOTS } from './why-blind.ts';

/** What helps against each reason. Takes the events that it hides. */
const REMEDIES: Readonly<Record<BlindSpot, (events: readonly string[], readings: Readings) => Remedy[]>> = {
  dynamic_debug_absent: () => [
    advice(
      'A kernel with CONFIG_DYNAMIC_DEBUG prints it when told to; those of distributions have it, small ones for virtual machines often not. A firewall rule sees the attempts meanwhile.',
      'Another kernel, and a reboot.',
    ),
  ],
  dynamic_debug_off: dynamicDebugRemedies,
  log_martians_off: (_, readings) => logMartians(readings),
  packets_accepted: () => [
    advice(
      'Set accept_source_route to 0, as above. A firewall rule (below) sees accepted packets, too.',
      sysctlCosts('accept_source_route'),
    ),
  ],
  log_unreadable: (_, { logs }) =>
    logs.flatMap(({ error }) =>
      error === undefined
        ? []
        : [
            advice(
              `${error}.`,
              'A program that can read the log can read every kernel message, not only these events.',
            ),
          ],
    ),
  foreign_network_namespace: () => [
    advice(
      "Run it in the host's network: --network=host (Docker, Podman), hostNetwork: true (Kubernetes), or on the host itself.",
      "It then has the host's network: its port is open on the host's own addresses.",
    ),
  ],
};

/** One finding for each reason why events would not be seen. Pure; throws nothing. */
export function blindSpotFindings(readings: Readings): Finding[] {
  const { events, details } = readings.observability;
  const reasons = new Set(events.flatMap((event) => event.reasons));
  return [...reasons].map((reason) => {
    const hidden = events.filter((event) => event.reasons.includes(reason)).map(({ event }) => event);
    return {
      severity: 'blind',
      kind: reason,
      subject: hidden.join(', '),
      title: `Not seen: ${names(hidden, 4)}`,
      problems: [`Because ${BLIND_SPOTS[reason](details)}.`],
      interfaces: interfacesOf(reason, readings),
      remedies: REMEDIES[reason](hidden, readings),
    };
  });
}

function interfacesOf(reason: BlindSpot, { observability }: Readings): readonly string[] {
  const { packets } = observability.details;
  if (reason === 'log_martians_off') return packets?.martiansOff.labels ?? [];
  return reason === 'packets_accepted' ? (packets?.accepting.labels ?? []) : [];
}

function advice(changes: string, costs: string): Remedy {
  return { when: 'now', changes, costs, commands: [] };
}

const LOG_MARTIANS: InterfaceRule = {
  family: 'ipv4',
  sysctl: 'log_martians',
  expect: 1,
  combine: 'or',
  references: [],
};

/** One of `all` and the interface is enough, so `all` does it, and what others set for interfaces stays. */
function logMartians(readings: Readings): Remedy[] {
  const costs = sysctlCosts(LOG_MARTIANS.sysctl);
  const rule = readings.rules.find(({ family, sysctl }) => family === 'ipv4' && sysctl === 'log_martians');
  if (rule?.expect !== undefined && complies(1, rule.expect)) return [advice('As above, under log_martians.', costs)];
  const all = { family: LOG_MARTIANS.family, sysctl: LOG_MARTIANS.sysctl, interface: 'all' };
  const row = { ...all, runtime: { ...all, value: 0, compliant: false }, effective: undefined, persisted: undefined };
  return [
    {
      when: 'now',
      changes: 'Makes every interface log the packets it refuses, until the next reboot.',
      costs,
      commands: setNow(LOG_MARTIANS, [row], readings.isFiltered, new Commands(readings.isRoot)),
    },
    ...persistRemedies([LOG_MARTIANS], [row], readings),
  ];
}
