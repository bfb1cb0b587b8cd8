import type { Flag } from './flags.ts';

const WIDTH = 80;
const INDENT = 6;

/** The text of `--help` for 80 columns. Takes the version and the flags. */
export function help(version: string, flags: readonly Flag[]): string {
  return `srcroute-exporter ${version}: source-routing events of the kernel log, and whether
this host refuses source-routed packets, as Prometheus metrics.

Usage: srcroute-exporter [serve] [flags]

Reads /dev/kmsg (root or CAP_SYSLOG), or the syslog files of --input.file.

Flags: --name=value or --name value; --no-name switches off.

${flags.map(paragraph).join('\n')}
`;
}

function paragraph(flag: Flag): string {
  return `${usage(flag)}\n${wrap(flag.help)}`;
}

function usage({ name, type, value, default: initial }: Flag): string {
  if (type === 'switch') return `  --${initial === true ? '[no-]' : ''}${name}${initial === true ? ' (on)' : ''}`;
  const shown = [initial ?? []].flat().map((text) => (/^\S+$/.test(String(text)) ? text : `"${text}"`));
  return `  --${name}=${value}${shown.length > 0 ? ` (${shown.join(', ')})` : ''}`;
}

function wrap(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && INDENT + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => ' '.repeat(INDENT) + line).join('\n');
}
