import { COMMANDS, type Command } from './commands.ts';
import type { Flag } from './flags/flags.ts';

const WIDTH = 80;
const INDENT = 6;

/** The text of `--help` for 80 columns. Takes the version and the command that is asked about; the first tells of the others. */
export function help(version: string, { name, usage, about, flags }: Command): string {
  return `srcroute-exporter ${version}: source-routing events of the kernel log, and whether
this host refuses source-routed packets, as Prometheus metrics.

Usage: srcroute-exporter ${usage}

${wrap(about, 0)}
${name === COMMANDS[0].name ? others() : ''}
Flags: --name=value or --name value; --no-name switches off.

${flags.map(paragraph).join('\n')}
`;
}

function others(): string {
  return `Reads /dev/kmsg (root or CAP_SYSLOG), or the syslog files of --input.file.

Other commands, each with a --help of its own:

${COMMANDS.slice(1)
  .map(({ usage, about }) => `  srcroute-exporter ${usage}\n${wrap(about, INDENT)}`)
  .join('\n')}
`;
}

function paragraph(flag: Flag): string {
  return `${usageOf(flag)}\n${wrap(flag.help, INDENT)}`;
}

function usageOf({ name, type, value, default: initial }: Flag): string {
  if (type === 'switch') return `  --${initial === true ? '[no-]' : ''}${name}${initial === true ? ' (on)' : ''}`;
  const shown = [initial ?? []].flat().map((text) => (/^\S+$/.test(String(text)) ? text : `"${text}"`));
  return `  --${name}=${value}${shown.length > 0 ? ` (${shown.join(', ')})` : ''}`;
}

function wrap(text: string, indent: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => ' '.repeat(indent) + line).join('\n');
}
