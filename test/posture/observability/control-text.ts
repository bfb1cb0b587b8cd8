import { readFileSync } from 'node:fs';

const RELEASES = { '5.10': '5.10.0-32-amd64', '6.1': '6.1.0-56-amd64' };

/** The genuine lines of a kernel's control file under the header it has, with the two call sites off or on. */
export function controlText(release: keyof typeof RELEASES, state: 'off' | 'on'): string {
  const file = new URL(`../../fixtures/kernel/${RELEASES[release]}.dyndbg-control-lines.txt`, import.meta.url);
  const [, off = '', on = ''] = readFileSync(file, 'latin1').split(/^# (?:before|after).*\n/m);
  return `# filename:lineno [module]function flags format\n${state === 'off' ? off : on}`;
}
