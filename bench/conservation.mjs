import { sumOf } from './exporter.mjs';
import { EVENTS } from './messages.mjs';

const VIEWS = ['source', 'subnet'];
const NEVER_LESS = ['srcroute_events_total', 'srcroute_log_records_total', 'srcroute_kernel_suppressed_messages_total'];

/**
 * What is wrong with a scrape of a log that holds nothing but events, each in a few words: every event stands in both views, every
 * record is an event or rejected, nothing is lost, and no sum is less than it was.
 * @param {string} exposition
 * @param {string | undefined} before the scrape before it
 * @returns {string[]}
 */
export function violations(exposition, before) {
  const events = Object.keys(EVENTS).flatMap((event) => VIEWS.flatMap((view) => unequalView(exposition, event, view)));
  const read = sumOf(exposition, 'srcroute_log_records_total');
  const counted = sumOf(exposition, 'srcroute_events_total') + rejected(exposition);
  const fallen = NEVER_LESS.filter((name) => before !== undefined && sumOf(exposition, name) < sumOf(before, name));
  return [
    ...events,
    ...(read === counted ? [] : [`${read} records read, but ${counted} events and rejected`]),
    ...(lost(exposition) === 0 ? [] : [`${lost(exposition)} records lost`]),
    ...fallen.map((name) => `${name} fell`),
  ];
}

/** @param {string} exposition */
export function lost(exposition) {
  return sumOf(exposition, 'srcroute_log_lost_records_total');
}

/** @param {string} exposition */
export function rejected(exposition) {
  return sumOf(exposition, 'srcroute_log_rejected_records_total');
}

/** @param {string} exposition @param {string} event @param {string} view */
function unequalView(exposition, event, view) {
  const own = ofEvent(exposition, event);
  const total = sumOf(own, 'srcroute_events_total');
  const shown = sumOf(own, `srcroute_${view}_events_total`) + sumOf(own, `srcroute_expired_${view}_events_total`);
  return total === shown ? [] : [`${total} ${event}, but ${shown} by ${view}`];
}

/** @param {string} exposition @param {string} event */
function ofEvent(exposition, event) {
  return exposition
    .split('\n')
    .filter((line) => line.includes(`{event="${event}"`))
    .join('\n');
}
