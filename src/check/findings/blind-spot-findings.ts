import type { BlindSpot } from '../../posture/observability/blind-spot.ts';
import { complies, type InterfaceRule } from '../../posture/policy/policy.ts';
import type { Readings } from '../readings.ts';
import { Commands } from '../remedies/commands.ts';
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
    ),
  ],
  dynamic_debug_off: dynamicDebugRemedies,
  log_martians_off: (_, readings) => logMartians(readings),
  packets_accepted: () => [
    advice('Have accept_source_route at 0, as above; a firewall rule (below) sees accepted packets, too.'),
  ],
  log_unreadable: (_, { logs }) => logs.flatMap(({ error }) => (error === undefined ? [] : [advice(error)])),
  foreign_network_namespace: () => [
    advice(
      "Run it in the host's network: --network=host (Docker, Podman), hostNetwork: true (Kubernetes), or on the host itself.",
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

function advice(changes: string): Remedy {
  return { when: 'now', changes, commands: [] };
}

const LOG_MARTIANS: InterfaceRule = {
  family: 'ipv4',
  sysctl: 'log_martians',
  expect: 1,
  combine: 'or',
  references: [],
};

/** One of `all` and the interface is enough, so `all` does it. */
function logMartians(readings: Readings): Remedy[] {
  const rule = readings.rules.find(({ family, sysctl }) => family === 'ipv4' && sysctl === 'log_martians');
  if (rule?.expect !== undefined && complies(1, rule.expect)) return [advice('As above, under log_martians.')];
  const row = (name: string) => ({
    ...{ family: 'ipv4' as const, sysctl: 'log_martians', interface: name },
    ...{ runtime: undefined, effective: undefined, persisted: undefined },
  });
  return [
    {
      when: 'now',
      changes: 'Has every interface say what it refuses, until the next boot.',
      costs:
        'Packets with impossible addresses are printed, too (martian source, two lines each), within the one limit that the kernel has for all network messages (10 in 5 seconds): up to 40 MB of log a day.',
      commands: setNow(LOG_MARTIANS, [row('all')], readings.isFiltered, new Commands(readings.isRoot)),
    },
    ...persistRemedies([LOG_MARTIANS], [row('all'), row('default')], readings),
  ];
}
