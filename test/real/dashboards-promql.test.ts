import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BOARDS } from '../../dashboards/src/boards.ts';
import { rise } from '../../dashboards/src/rise.ts';
import { expressions, interpolate, readBoard } from '../dashboards/board-file.ts';
import { describeReal } from '../e2e/required.ts';
import { ENVIRONMENT, makeDirectory } from '../e2e/tools.ts';

describeReal('promtool, asked about the boards', { commands: ['promtool'] }, () => {
  it.each(Object.keys(BOARDS))('takes every expression of %s', (file) => {
    const placed = expressions(file, readBoard(file));
    expect(new Set(placed.map(({ kind }) => kind))).toEqual(new Set(['panel', 'variable', 'annotation']));
    expect(check(placed.map(({ place, expr }) => ({ name: place, expr: interpolate(expr) })))).toEqual({
      status: 0,
      stderr: '',
      rules: placed.length,
    });
  });

  it('tells which expression it does not take', () => {
    const { status, stderr } = check([
      { name: 'right', expr: 'sum(up)' },
      { name: 'dashboards/x.json: panel 7 "Y", query A', expr: 'rate(up)' },
    ]);
    expect(status).not.toBe(0);
    expect(stderr).toContain('group "dashboards/x.json: panel 7 ');
  });

  it('counts what is new, what is old and what came back, each within the range alone', () => {
    const series = {
      new: '_x120 5x40',
      quiet: '7x160',
      back: '50x110 stale _x20 3x28',
      rising: '0x100 0+2x60',
    };
    const file = join(makeDirectory(), 'test.json');
    const test = {
      interval: '1m',
      input_series: Object.entries(series).map(([name, values]) => ({ series: `x{source="${name}"}`, values })),
      promql_expr_test: [
        {
          // Off the grid of samples, and to a multiple of 5: increase() extrapolates, and Prometheus 2 and 3 not alike.
          eval_time: '160m13s',
          expr: `round(${rise('x').replaceAll('$__range', '1h')}, 5)`,
          exp_samples: [
            { labels: '{source="new"}', value: 5 },
            { labels: '{source="quiet"}', value: 0 },
            { labels: '{source="back"}', value: 5 },
            { labels: '{source="rising"}', value: 120 },
          ],
        },
      ],
    };
    writeFileSync(file, JSON.stringify({ rule_files: [], tests: [test] }));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], {
      env: ENVIRONMENT,
      encoding: 'utf8',
    });
    expect({ status, stderr, stdout }).toMatchObject({ status: 0, stderr: '' });
  });

  /** Each expression as a rule of a group of its own, which is what promtool names when it minds something. */
  function check(named: readonly { name: string; expr: string }[]) {
    const file = join(makeDirectory(), 'rules.json');
    const groups = named.map(({ name, expr }) => ({ name, rules: [{ record: 'checked', expr }] }));
    writeFileSync(file, JSON.stringify({ groups }));
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', '--lint=none', file], {
      env: ENVIRONMENT,
      encoding: 'utf8',
    });
    return { status, stderr, rules: Number(/SUCCESS: (\d+) rules found/.exec(stdout)?.[1]) };
  }
});
