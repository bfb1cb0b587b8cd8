import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.ts';
import { SERVE_FLAGS } from '../../src/commands/flags/serve-flags.ts';
import { help } from '../../src/commands/help.ts';

describe('help', () => {
  const text = help('1.2.3', COMMANDS[0]);

  it('names every flag with its default', () => {
    for (const { name } of SERVE_FLAGS) expect(text).toMatch(new RegExp(`^  --(?:\\[no-\\])?${name}\\b`, 'm'));
    expect(text).toContain('  --web.listen-address=ADDRESS (:10131)\n');
    expect(text).toContain('  --netfilter.log-prefix=TEXT ("SRC ROUTE ATTEMPT: ")\n');
    expect(text).toContain('  --input.file=PATH\n');
    expect(text).toContain('  --[no-]collector.sysctl (on)\n');
    expect(text).toContain('  --log.events\n');
    expect(text).toContain('  --sysctl.policy=FILE\n');
  });

  it('tells the version', () => {
    expect(text).toMatch(/^srcroute-exporter 1\.2\.3: /);
  });

  it('fits into 80 columns', () => {
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('ends in one line end', () => {
    expect(text).toMatch(/[^\n]\n$/);
  });

  it('wraps at words', () => {
    const flag = { name: 'x', type: 'switch', default: false, help: `${'word '.repeat(40)}end.` } as const;
    const lines = help('1', { ...COMMANDS[0], flags: [flag] }).split('\n');
    const wrapped = lines.slice(lines.indexOf('  --x') + 1).filter((line) => line !== '');
    expect(wrapped.length).toBeGreaterThan(2);
    for (const line of wrapped) expect(line).toMatch(/^ {6}(?:word|end\.)(?: (?:word|end\.))*$/);
    expect(wrapped.map((line) => line.trim()).join(' ')).toBe(flag.help);
  });

  it('tells of the other commands', () => {
    for (const { usage } of COMMANDS.slice(1)) expect(text).toContain(`\n  srcroute-exporter ${usage}\n`);
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))('fits %s into 80 columns', (_, command) => {
    const lines = help('1.2.3', command).split('\n');
    expect(lines).toContain(`Usage: srcroute-exporter ${command.usage}`);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});
