import { parse } from 'yaml';
import { readProjectFile } from '../alerts/rule-file.ts';

/** The configurations of Prometheus in docs/fleet.md, in order: a shard, federation, remote write. */
export function documentedConfigs(): string[] {
  return [...readProjectFile('docs/fleet.md').matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
}

/** What docs/fleet.md federates, as selectors. */
export function federatedSelectors(): string[] {
  const federation = documentedConfigs()
    .map((text) => parse(text))
    .find(({ scrape_configs: [job] = [] }) => job?.metrics_path === '/federate');
  return federation.scrape_configs[0].params['match[]'];
}
