import type { InterfaceRule, SysctlRule } from '../../posture/policy/policy.ts';
import type { CheckRow } from '../check-row.ts';
import type { Commands } from './commands.ts';
import { labelBytes } from './label-bytes.ts';
import { shellWord } from './shell-word.ts';
import { wantedValue } from './wanted-value.ts';

/** More interfaces than this are set by one command with a pattern. */
const MAX_COMMANDS = 8;

/**
 * The commands that give the rows of one rule the value that the policy wants, in the running system. With a pattern where there are
 * many, unless some interfaces are not to be looked at: those are none of ours. Pure; throws nothing.
 */
export function setNow(rule: SysctlRule, rows: readonly CheckRow[], isFiltered: boolean, commands: Commands): string[] {
  if (rule.expect === undefined) return [];
  const value = wantedValue(rule.expect);
  if (rule.combine === undefined) {
    return rows.map(() =>
      commands.run('sysctl', '-w', `${rule.directory}/${rule.sysctl}=${value}`.replaceAll('/', '.')),
    );
  }
  const paths = rows.map((row) => path(rule, labelBytes(row.interface)));
  if (rows.length <= MAX_COMMANDS) return paths.map((each) => setOne(each, value, commands));
  const words = isFiltered
    ? paths.map((each) => shellWord(each))
    : [`/proc/sys/net/${rule.family}/conf/*/${rule.sysctl}`];
  return [commands.write([String(value)], words.join(' '))];
}

function path({ family, sysctl }: InterfaceRule, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`/proc/sys/net/${family}/conf/`), name, Buffer.from(`/${sysctl}`)]);
}

// sysctl takes dots for slashes until it has seen a slash, ends the name at the first `=`, and (since procps 4) expands patterns.
function setOne(file: Buffer, value: number, commands: Commands): string {
  const key = file.toString('utf8').slice('/proc/sys/'.length);
  if (/^[\w/-]+$/.test(key)) return commands.run('sysctl', '-w', `${key.replaceAll('/', '.')}=${value}`);
  if (/^[\w./@,-]+$/.test(key)) return commands.run('sysctl', '-w', `${key}=${value}`);
  return commands.write([String(value)], shellWord(file));
}
