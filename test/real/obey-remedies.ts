import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { PROGRAM } from '../e2e/exporter.ts';
import { FIXTURES, type FirewallHost, LOG_RULES, RULES_OF_OTHERS } from './firewall-hosts.ts';
import { OverlayRoot } from './overlay-root.ts';

const RULE_FILES = fileURLToPath(new URL('../fixtures/firewall/', import.meta.url));
/** Each rule once: LSRR, SSRR, type 0. */
export const ONCE = { lsrr: 1, ssrr: 1, rh0: 1 };
export const NEVER = { lsrr: 0, ssrr: 0, rh0: 0 };
interface Answer {
  readonly findings: readonly {
    readonly kind: string;
    readonly remedies: readonly { readonly when: string; readonly commands: readonly string[] }[];
  }[];
}

export type When = 'now' | 'boot';

export async function start(host: FirewallHost): Promise<OverlayRoot> {
  const root = await OverlayRoot.start(onTestFinished);
  root.sh(`mkdir ${FIXTURES}`);
  for (const file of readdirSync(RULE_FILES)) root.put(join(RULE_FILES, file), `${FIXTURES}/${file}`);
  for (const command of [host.setup ?? 'true', host.boot])
    expect(root.sh(command), command).toMatchObject({ status: 0 });
  expect(rulesOfOthers(root)).toMatch(host.has);
  return root;
}

/** The commands that the built program prints, of every finding or of one kind. */
export function remedies(
  root: OverlayRoot,
  when: When,
  { kind, become = [] }: { readonly kind?: string; readonly become?: readonly string[] } = {},
): readonly string[] {
  const { stdout } = root.sh(`check ${become.join(' ')} '${process.execPath}' '${PROGRAM}'`);
  const { findings }: Answer = JSON.parse(stdout);
  return findings
    .filter((finding) => kind === undefined || finding.kind === kind)
    .flatMap((finding) => finding.remedies)
    .filter((remedy) => remedy.when === when)
    .flatMap(({ commands }) => commands);
}

export function obey(root: OverlayRoot, commands: readonly string[], become: readonly string[] = []): void {
  for (const command of commands) expect(root.sh(command, become), command).toMatchObject({ status: 0, stderr: '' });
}

export function rulesOfOthers(root: OverlayRoot): string {
  return root.sh(RULES_OF_OTHERS).stdout;
}

export function logged(root: OverlayRoot): typeof ONCE {
  return countRules(root.sh(LOG_RULES).stdout);
}

export function countRules(rules: string): typeof ONCE {
  const count = (pattern: RegExp) => rules.split('\n').filter((line) => pattern.test(line)).length;
  return { lsrr: count(/option lsrr/), ssrr: count(/option ssrr/), rh0: count(/rt type 0|rt-type 0/) };
}
