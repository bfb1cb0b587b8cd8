import type { InterfaceRule, SysctlRule } from '../../posture/policy/policy.ts';
import type { CheckRow } from '../check-row.ts';
import type { Commands } from './commands.ts';
import { labelBytes } from './label-bytes.ts';
import { shellWord } from './shell-word.ts';
import { wantedValue } from './wanted-value.ts';

/** More interfaces than this are set by one command. */
const MAX_COMMANDS = 8;
/** Paths in one command: with them it stays below the kernel's 128 KiB for one argument (MAX_ARG_STRLEN), that of `sh -c`. */
const MAX_PATHS = 500;

/**
 * The commands that give rows of one rule the wanted value in the running system: those that violate it. Takes all rows of the rule, and
 * whether interfaces without a row are to be left alone. Where there are many, whatever is found is set, unless some have another value
 * that is right.
 */
export function setNow(rule: SysctlRule, rows: readonly CheckRow[], isFiltered: boolean, commands: Commands): string[] {
  const { expect } = rule;
  if (expect === undefined) return [];
  const value = wantedValue(expect);
  const violating = rows.filter(({ runtime }) => runtime?.compliant === false);
  if (rule.combine === undefined) {
    return violating.map(() =>
      commands.run('sysctl', '-w', `${rule.directory}/${rule.sysctl}=${value}`.replaceAll('/', '.')),
    );
  }
  const paths = violating.map((row) => path(rule, labelBytes(row.interface)));
  if (paths.length <= MAX_COMMANDS) return paths.map((each) => setOne(each, value, commands));
  const isEvery = !isFiltered && rows.every((row) => row.runtime?.value === value || violating.includes(row));
  if (isEvery) {
    const found = `find /proc/sys/net/${rule.family}/conf -type f -name ${rule.sysctl}`;
    return [commands.run(found, `\\\n  -exec sh -c '${setEach(value)}' sh {} +`)];
  }
  return Array.from({ length: Math.ceil(paths.length / MAX_PATHS) }, (_, part) => {
    const words = paths.slice(part * MAX_PATHS, (part + 1) * MAX_PATHS).map(shellWord);
    return commands.run(`sh -c '${setEach(value)}' sh`, ...words.map((word) => `\\\n  ${word}`));
  });
}

// An interface that has gone since is no failure, and keeps no other from being set.
function setEach(value: number): string {
  return `
    failed=0
    for file do
      echo ${value} > "$file" || [ ! -e "$file" ] || failed=1
    done
    exit $failed`;
}

function path({ family, sysctl }: InterfaceRule, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`/proc/sys/net/${family}/conf/`), name, Buffer.from(`/${sysctl}`)]);
}

// sysctl takes dots for slashes until it has seen a slash, ends the name at the first `=`, warns of a dot behind a separator, and (since
// procps 4) expands patterns.
function setOne(file: Buffer, value: number, commands: Commands): string {
  const key = file.toString('utf8').slice('/proc/sys/'.length);
  if (/^[\w/-]+$/.test(key)) return commands.run('sysctl', '-w', `${key.replaceAll('/', '.')}=${value}`);
  if (/^[\w./@,-]+$/.test(key) && !/[./]\./.test(key)) return commands.run('sysctl', '-w', `${key}=${value}`);
  return commands.write(String(value), file);
}
