/** Recorded series of a host that the rules look back at for a day, with what makes each of them. */
const SERIES = [
  'instance_event_family:srcroute_probes:sum{event="source_route_attempt",family="ipv4"',
  'instance_event_family:srcroute_probes:sum{event="source_route_attempt",family="ipv6"',
  'instance_event_family:srcroute_probes:sum{event="source_route_option",family="ipv4"',
  'instance:srcroute_source_route_failed:sum{',
  'instance:srcroute_lost_records:sum{',
  'instance_event:srcroute_new_sources:sum{event="source_route_attempt"',
  'instance_event:srcroute_new_sources:sum{event="source_route_option"',
];

/**
 * What a day of quiet left behind, a minute of it in a second: as many samples as the rules of a fleet look back at once they have run
 * for a day. Takes the instances and when the day ends, seconds; gives OpenMetrics text.
 */
export function quietDay(instances: readonly string[], end: number): string {
  const seconds = Array.from({ length: 24 * 60 }, (_, index) => Math.floor(end) - 24 * 60 + index);
  const lines = SERIES.flatMap((series) =>
    instances.flatMap((instance) => {
      const labels = `${series}${series.endsWith('{') ? '' : ','}job="srcroute",instance="${instance}"}`;
      return seconds.map((second) => `${labels} 0 ${second}\n`);
    }),
  );
  return `${lines.join('')}# EOF\n`;
}
