import { isNew, rise } from './rise.ts';
import { select } from './select.ts';
import { orZero } from './zero.ts';

/** As many rows as a person reads. */
const ROWS = 50;

/** What a stranger sent: this host's own addresses and the senders that are expected are left out. */
export const FROM_OUTSIDE = 'origin!~"local|known"';

/** Events of one kind within the range, by labels or in all. These series exist from the first scrape at 0, so a first event is seen. */
export function eventsInRange(event: string, more = '', by = ''): string {
  const matchers = [`event="${event}"`, more].filter(Boolean).join(',');
  const sum = by === '' ? 'sum' : `sum by (${by}) `;
  return `${sum}(increase(${select('srcroute_events_total', matchers)}[$__range]))`;
}

/** A table of addresses or subnets by event. */
export interface Addresses {
  readonly metric: 'srcroute_source_events_total' | 'srcroute_subnet_events_total';
  /** The label that holds the address or subnet. */
  readonly label: 'source_ip' | 'subnet';
  /** Senders, or what is named in a line without having sent anything. */
  readonly senders: boolean;
}

/** Events within the range by address or subnet, the most frequent; and on how many hosts, and whether it is new. */
export function addressQueries({ metric, label, senders }: Addresses): [events: string, hosts: string, isNew: string] {
  const role = `address_role${senders ? '=' : '!='}"sender"`;
  const info = `last_over_time(${select('srcroute_event_info', role)}[$__range])`;
  const labels = `${label}, event${senders ? '' : ', address_role'}`;
  const withRole = (series: string) => `${series} * on (job, instance, event) group_left (address_role) ${info}`;
  const risen = `(${withRole(rise(select(metric)))}) > 0`;
  const most = `topk(${ROWS}, sum by (${labels}) (${risen}))`;
  const named = select(metric, `${label}!~"other|unknown"`);
  return [
    most,
    `count by (${labels}) (${risen})
and ${most}`,
    `(${isNew(named, `${label}, event`)})
and on (${label}, event) ${most}`,
  ];
}

/** Addresses that sent something within the range, each once whatever it sent and to whom. */
export const DISTINCT_SOURCES = orZero(
  `count(count by (source_ip) (
  ${rise(select('srcroute_source_events_total', 'source_ip!~"other|unknown"'))}
  * on (job, instance, event) group_left last_over_time(${select('srcroute_event_info', 'address_role="sender"')}[$__range])
  > 0
))`,
  `count(${select('srcroute_event_info')})`,
);
