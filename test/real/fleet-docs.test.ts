import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RULES, readProjectFile } from '../alerts/rule-file.ts';
import { documentedConfigs } from '../e2e/fleet-docs.ts';
import { describeReal } from '../e2e/required.ts';
import { makeDirectory, run } from '../e2e/tools.ts';

describeReal('promtool, asked about docs/fleet.md', { commands: ['promtool'] }, () => {
  it.each(documentedConfigs().map((text, index) => ({ index, text })))('takes configuration $index', ({ text }) => {
    const directory = makeDirectory();
    writeFileSync(join(directory, 'srcroute.rules.yml'), readProjectFile(RULES));
    writeFileSync(join(directory, 'prometheus.yml'), text);
    expect(run('promtool', ['check', 'config', join(directory, 'prometheus.yml')])).toContain(
      'is valid prometheus config',
    );
  });

  it('finds three of them', () => {
    expect(documentedConfigs()).toHaveLength(3);
  });
});
