import type { Readings } from '../readings.ts';
import { firewallRemedies } from '../remedies/firewall-remedies.ts';
import type { Finding } from './finding.ts';

/** The one event that no setting of the kernel brings: which rules print it. */
export function firewallFinding(readings: Readings): Finding {
  return {
    severity: 'blind',
    kind: 'firewall',
    subject: 'source_route_attempt',
    title: 'source_route_attempt needs a firewall rule',
    problems: [
      'Only this event reveals accepted IPv4 packets, and only this one covers IPv6. check does not read firewall rules.',
    ],
    interfaces: [],
    remedies: firewallRemedies(readings),
  };
}
