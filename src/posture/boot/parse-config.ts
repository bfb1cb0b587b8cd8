import type { ApplierRules } from './applier-rules.ts';
import type { ConfigFile } from './read-config-file.ts';
import type { Setting } from './setting.ts';

/** Takes files in the order of reading, returns all that they say, in order, with its place. Pure; throws nothing. */
export function parseConfig(rules: ApplierRules, files: readonly ConfigFile[]): Setting[] {
  const settings: Setting[] = [];
  for (const { label, text } of files) {
    for (const line of rules.lines(text)) {
      const assignment = rules.parse(line.text);
      if (assignment) settings.push({ ...assignment, file: label, line: line.number });
    }
  }
  return settings;
}
