import { describe, expect, it } from 'vitest';
import { shorten } from '../e2e/live/shorten.ts';
import { RULES, readProjectFile } from './rule-file.ts';

/** What differs, a pair each: words before and after. */
function changes(text: string): string[] {
  const before = text.split(/[\s()]+/);
  const after = shorten(text).split(/[\s()]+/);
  expect(after).toHaveLength(before.length);
  return [...new Set(before.flatMap((word, at) => (word === after[at] ? [] : [`${word} ${after[at]}`])))];
}

describe('shortened durations', () => {
  it.each([
    [
      'x:increase10m - last_over_time(x[1d] offset 10m) > 0',
      'x:increase10m - last_over_time(x[1440000ms] offset 10000ms) > 0',
    ],
    ['max_over_time(x[7d:1h])', 'max_over_time(x[10080000ms:60000ms])'],
    ['    for: 5m\n    keep_firing_for: 1h', '    for: 5000ms\n    keep_firing_for: 60000ms'],
    ['  group_wait: 30s\n  group_interval: 5m', '  group_wait: 500ms\n  group_interval: 5000ms'],
    ['scrape_interval: 30s', 'scrape_interval: 500ms'],
    ['summary: down for 5 minutes', 'summary: down for 5 minutes'],
  ])('%s', (text, short) => {
    expect(shorten(text)).toBe(short);
  });

  it('are all that changes in the shipped files', () => {
    for (const file of [RULES, 'alerts/alertmanager.example.yml', 'deploy/prometheus/static.yml']) {
      const changed = changes(readProjectFile(file).replace(/^ *#.*$/gm, ''));
      expect(changed.length).toBeGreaterThan(2);
      for (const change of changed) expect(change).toMatch(/\d+[smhd]\]?\S* \S*\d+ms/);
    }
    expect(shorten(readProjectFile(RULES).replace(/^ *#.*$/gm, ''))).not.toMatch(
      /(?:\[|:|offset |for: )\d+(?:[shd]|m(?!s))/,
    );
  });
});
