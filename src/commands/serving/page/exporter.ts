import type { Snapshot } from '../../../exposition/snapshot.ts';
import type { StatusTable } from '../../../web/site.ts';
import { moment } from './moment.ts';

/** What the exporter says of itself: collectors, configuration files, saved state. Pure. */
export function exporter({ collectors, configFiles, stateSaves, stateLoads }: Snapshot): StatusTable {
  return {
    title: 'Exporter',
    columns: ['Part', 'State', 'Details'],
    rows: [
      ...collectors.map(({ collector, success, durationSeconds }) => [
        `collector ${collector}`,
        success ? 'working' : 'failing: its log says why',
        `took ${(durationSeconds * 1000).toFixed(1)} ms`,
      ]),
      ...configFiles.map(({ file, successful, successTimestamp }) => [
        file,
        successful ? 'in force' : 'refused: what it said before is in force',
        `last read ${moment(successTimestamp)}`,
      ]),
      ...savedState(stateSaves, stateLoads),
    ],
  };
}

/** Without a state file nothing is loaded, not even nothing. */
function savedState(saves: Snapshot['stateSaves'], loads: Snapshot['stateLoads']): string[][] {
  const outcome = Object.keys(loads).find((name) => (loads[name] ?? 0) > 0);
  if (outcome === undefined) return [];
  const { success = 0, failure = 0 } = saves;
  return [['saved state', `${outcome} at the start`, `saved ${success} times, failed ${failure} times`]];
}
