import { METRICS } from '../../src/exposition/metrics.ts';

const NAMES = new Set(METRICS.map(({ name }) => name));

/**
 * Takes the name of a metric of the exporter and gives it back. Throws RangeError for one that is not in its table: a rename
 * there stops the generator here, instead of emptying a panel.
 */
export function metric(name: string): string {
  if (!NAMES.has(name)) throw new RangeError(`Cannot use "${name}": the exporter has no such metric`);
  return name;
}
