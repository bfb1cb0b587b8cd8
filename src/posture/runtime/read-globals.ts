import { readFileSync } from 'node:fs';
import { persistedRow } from '../judge-persisted.ts';
import type { GlobalRule, SysctlFamily } from '../policy/policy.ts';
import type { PersistedRow, Predict } from '../prediction.ts';
import { parseSysctlValue } from './parse-sysctl-value.ts';
import { type SysctlRow, sysctlRow } from './sysctl-row.ts';

/** A sysctl whose value is a text: shown, never judged. */
export interface SysctlInfo {
  family: SysctlFamily;
  /** The empty text: those that are known are no interface's. */
  interface: string;
  sysctl: string;
  /** Without the newline at its end. */
  text: string;
}

/** What the sysctls say that there is one of; no row names an interface. */
export interface Globals {
  values: SysctlRow[];
  persisted: PersistedRow[];
  infos: SysctlInfo[];
  /** Files that are there and gave no value. */
  readErrors: number;
}

// One line without control characters. The longest there is has 456: every other bit of a mask of 256.
const TEXT = /^([\x20-\x7e]{0,1000})\n?$/;

/**
 * Reads sysctls that there is one of, below `<procfs>/sys`, and judges them as they are and, with `predict`, after a
 * boot. One without a file does not apply here and has no row: an older kernel, or a network namespace that has none of
 * its own. Throws only what `predict` throws.
 */
export function readGlobals(procfs: string, rules: readonly GlobalRule[], predict: Predict | undefined): Globals {
  const globals: Globals = { values: [], persisted: [], infos: [], readErrors: 0 };
  for (const rule of rules) {
    const content = read(`${procfs}/sys/${rule.directory}/${rule.sysctl}`);
    if (content === 'absent') continue;
    const found = content && (rule.text ? TEXT.exec(content.text)?.[1] : parseSysctlValue(content.text));
    if (found === undefined) globals.readErrors += 1;
    else if (typeof found === 'number') globals.values.push(...sysctlRow(rule, '', found));
    else globals.infos.push({ family: rule.family, interface: '', sysctl: rule.sysctl, text: found });
    if (predict && !rule.text) globals.persisted.push(...persistedRow(rule, '', predict(rule, [])[0]));
  }
  return globals;
}

function read(path: string): { text: string } | 'absent' | undefined {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : undefined;
  }
}
