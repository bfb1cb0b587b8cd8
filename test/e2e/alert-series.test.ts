import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Mentioned, mentioned, selects } from '../alerts/promql.ts';
import { parseRules, RULES, readProjectFile } from '../alerts/rule-file.ts';
import { eventLine } from './event-lines.ts';
import { Exporter } from './exporter.ts';
import { makeDirectory } from './tools.ts';

describe('the exporter', () => {
  it('exposes every series that the rules select', async () => {
    const directory = makeDirectory();
    const [log, policy] = ['kern.log', 'policy.yml'].map((name) => join(directory, name)) as [string, string];
    writeFileSync(log, eventLine('198.51.100.7'));
    writeFileSync(policy, 'rules:\n  - {sysctl: accept_source_route, expect: 0}\n');
    const flags = [`--input.file=${log}`, '--input.from=start', `--state.file=${join(directory, 'state.json')}`];
    const exporter = await Exporter.start([...flags, `--sysctl.policy=${policy}`]);
    const samples = await exporter.until(
      'the event is counted',
      (now) => now.sum('srcroute_source_events_total') === 1,
    );

    const missing = parseRules(readProjectFile(RULES))
      .flatMap(({ expr = '' }) => mentioned(expr).selectors)
      .filter(({ metric }) => metric.startsWith('srcroute_'))
      .filter((selector) => !samples.all.some((series) => selects(selector, series)));
    expect(missing.map(described)).toEqual([]);
  });
});

function described({ metric, matchers }: Mentioned['selectors'][number]): string {
  return `${metric}{${matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join(',')}}`;
}
