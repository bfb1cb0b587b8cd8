import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { metric } from './metric.ts';
import { DATASOURCE } from './panel.ts';

const ALL = { selected: true, text: ['All'], value: ['$__all'] };

/**
 * What is chosen at the top of a board. Takes whether it begins with all hosts, or with the first of them. `.+` instead of a
 * list of thousands keeps the queries short.
 */
export function variables(allHosts: boolean): (DatasourceVariableBuilder | QueryVariableBuilder)[] {
  const name = metric('srcroute_exporter_build_info');
  const job = choice('job', 'Job', `label_values(${name}, job)`).includeAll(true).current(ALL);
  const instance = choice('instance', 'Instance', `label_values(${name}{job=~"$job"}, instance)`);
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    job,
    allHosts ? instance.includeAll(true).current(ALL) : instance.includeAll(false),
  ];
}

function choice(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(true)
    .allValue('.+');
}
