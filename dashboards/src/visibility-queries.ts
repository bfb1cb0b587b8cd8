import { select } from './select.ts';
import { COLORS, type State } from './state.ts';

const KEY = 'job, instance, event';

/** 1 would be seen, 0 would not, 2 cannot be told: per host and event. */
export const VISIBILITY = `max by (${KEY}) (${select('srcroute_event_observable')})
or 2 * group by (${KEY}) (${select('srcroute_event_info')})`;

export const VISIBILITY_STATES: readonly State[] = [
  { value: 1, text: 'yes', color: COLORS.neutral },
  { value: 0, text: 'no', color: COLORS.warn },
  { value: 2, text: 'cannot be told', color: COLORS.unknown },
];

/** Pairs of host and event that have a value at all: what any count of them is out of. */
export const EVENTS_KNOWN = select('srcroute_event_info');

export const SEEN = `${select('srcroute_event_observable')} == 1`;
export const UNSEEN = `${select('srcroute_event_observable')} == 0`;
export const UNTOLD = `${EVENTS_KNOWN} unless on (${KEY}) ${select('srcroute_event_observable')}`;
