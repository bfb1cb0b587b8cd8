import type { Row } from '../board.ts';
import { graph } from '../graph.ts';
import { ofExporter, select, selectForeign } from '../select.ts';

const rates = (name: string, what: string, matchers = '') => ({
  expr: `sum by (event) (rate(${select(name, matchers)}[$__rate_interval]))`,
  legend: `${what}, {{event}}`,
});

/** How full the tables of addresses are: what bounds the cost of a flood. */
export const PLACES: Row = {
  title: 'Addresses with a name',
  panels: [
    graph({
      title: 'Places taken',
      about: {
        means:
          'Share of the places for addresses and for subnets that are taken, by kind of event. The limit is --sources.max.',
        not: 'Full is no fault and loses no event: what has no place is counted as «other».',
        next: 'Full for days by real senders: raise --sources.max, and the sample limit of the scrape with it.',
      },
      width: 8,
      height: 8,
      queries: [
        {
          expr: `max by (event) (${select('srcroute_tracked_sources')} / ${select('srcroute_tracked_sources_limit')})`,
          legend: 'addresses, {{event}}',
        },
        {
          expr: `max by (event) (${select('srcroute_tracked_subnets')} / ${select('srcroute_tracked_subnets_limit')})`,
          legend: 'subnets, {{event}}',
        },
      ],
      unit: 'percentunit',
    }),
    graph({
      title: 'Without a place',
      about: {
        means:
          'Events a second from addresses and subnets that have no place of their own, and refusals because the hour allows no more replacements.',
        not: 'Nothing is lost: only the address is not kept. A forged flood does this by design.',
        next: 'Refusals: there may be a heavy sender without a name; look at Subnets. Runbook SourceRoutingSourcesOverflow.',
      },
      width: 8,
      height: 8,
      queries: [
        rates('srcroute_source_events_total', 'address', 'source_ip="other"'),
        rates('srcroute_subnet_events_total', 'subnet', 'subnet="other"'),
        rates('srcroute_sources_replacements_exhausted_total', 'refused'),
      ],
      unit: 'cps',
    }),
    graph({
      title: 'Names given and given back',
      about: {
        means:
          'Addresses that were named in an hour, and counts a second of addresses and subnets that gave their place back after a long silence or to a louder sender.',
        not: 'The counts that were given back are old events, not new ones: the totals do not change.',
        next: 'Many new names in an hour are a scan: runbook SourceRoutingScan.',
      },
      width: 8,
      height: 8,
      queries: [
        {
          expr: `sum by (event) (increase(${select('srcroute_new_sources_total')}[1h])) / 3600`,
          legend: 'named, {{event}}',
        },
        rates('srcroute_expired_source_events_total', 'given back by addresses'),
        rates('srcroute_expired_subnet_events_total', 'given back by subnets'),
      ],
      unit: 'cps',
    }),
    graph({
      title: 'Series of a scrape',
      about: {
        means: 'Samples that one scrape of this exporter gives: what it costs Prometheus.',
        not: 'Not the number of senders.',
        next: 'Compare with sample_limit of the scrape configuration: above it Prometheus drops the whole scrape.',
      },
      width: 24,
      height: 6,
      queries: [{ expr: ofExporter(selectForeign('scrape_samples_scraped')), legend: '{{instance}}' }],
      unit: 'short',
    }),
  ],
};
