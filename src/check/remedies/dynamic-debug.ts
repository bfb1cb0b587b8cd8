import type { Control } from '../../posture/observability/read-control.ts';
import type { Remedy } from '../findings/finding.ts';
import type { Readings } from '../readings.ts';
import { Commands } from './commands.ts';

/** What switches one call site on (Documentation/admin-guide/dynamic-debug-howto.rst), by event. */
const QUERIES: Readonly<Record<string, string>> = {
  icmpv6_no_reply: 'file net/ipv6/icmp.c func icmp6_send format "no reply to icmp error" +p',
  source_route_failed: 'file net/ipv4/icmp.c func icmp_unreach format "Source Route Failed" +p',
};

const COSTS =
  'These lines share the one limit that the kernel has for all network messages (10 in 5 seconds): whoever can send this host ICMP errors can hide source_route_option lines that way. At most 2 lines a second, up to 19 MB of log a day.';

/** How to have the kernel print the events whose call sites are switched off. Takes their names. */
export function dynamicDebugRemedies(events: readonly string[], readings: Readings): Remedy[] {
  const { observability, boot, isRoot } = readings;
  const commands = new Commands(isRoot);
  const file = controlFile(observability.details.control);
  const queries = events.flatMap((event) => QUERIES[event] ?? []);
  const all = Object.values(QUERIES);
  const now: Remedy = {
    when: 'now',
    changes:
      'Switches the message on until the next reboot. Run check again: a query that matches nothing succeeds, too.',
    costs: COSTS,
    commands: queries.map((query) => commands.write(query, file)),
  };
  if (boot.applier !== 'systemd') {
    const parameter = all.join('; ').replaceAll('"', "'");
    return [
      now,
      {
        when: 'boot',
        changes: `Add dyndbg="${parameter}" to the kernel's command line, next to what is there.`,
        costs: COSTS,
        commands: [],
      },
    ];
  }
  const tmpfiles = '/etc/tmpfiles.d/srcroute-dynamic-debug.conf';
  return [
    now,
    {
      when: 'boot',
      changes: `Writes ${tmpfiles}, by which systemd-tmpfiles switches both messages on at every boot. An older file of this name is replaced.`,
      costs: COSTS,
      commands: [
        commands.replaceFile(
          all.map((query) => `w+ ${file} - - - - ${query}\\n`),
          Buffer.from(tmpfiles),
          false,
        ),
      ],
    },
  ];
}

// As on the host, wherever it is mounted here.
function controlFile({ path }: Control): string {
  return path?.endsWith('/kernel/debug/dynamic_debug/control')
    ? '/sys/kernel/debug/dynamic_debug/control'
    : '/proc/dynamic_debug/control';
}
