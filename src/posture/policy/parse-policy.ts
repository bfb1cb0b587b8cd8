import { fieldsOf, oneOf, wrong } from '../../yaml/read-place.ts';
import { type Place, parseYaml } from '../../yaml/yaml-place.ts';
import { type GlobalPlace, KNOWN_SYSCTLS, type KnownSysctl } from './known-sysctls.ts';
import { parseExpectation } from './parse-expectation.ts';
import type { Combine, Family, SysctlFamily, SysctlRule } from './policy.ts';

const FAMILIES: readonly SysctlFamily[] = ['ipv4', 'ipv6', ''];
const COMBINES: readonly Combine[] = ['and', 'or', 'max', 'min', 'interface'];
const RULE_KEYS = ['sysctl', 'family', 'expect', 'combine', 'references'] as const;

/**
 * Takes the text of a policy file and its name for messages, returns its rules in order; a rule without a family
 * becomes one for each family that has the sysctl, one without `expect` shows values and judges none. Throws a SyntaxError with a one-line message `<file>:<line>: …` at the
 * first thing that is not as it should be: what is misread here would be reported as compliant for ever.
 *
 *     rules:
 *       - sysctl: accept_source_route     # required
 *         family: ipv6
 *         expect: {max: 0}
 *         combine: min
 *         references: ["CIS Debian 12 3.3.8"]
 */
export function parsePolicy(text: string, file: string): SysctlRule[] {
  const document = parseYaml(text, file);
  const { rules } = fieldsOf(document, 'policy', ['rules'] as const);
  if (rules === undefined) return document.fail('Missing key "rules" of the policy');
  const items = rules.items();
  if (items === undefined) return wrong(rules, 'rules', 'a list of rules');
  if (items.length === 0) return rules.fail('Empty rules: at least one rule is needed');

  const lineOf = new Map<string, number>();
  return items.flatMap((item) =>
    parseRule(item).map((rule) => {
      const name = rule.family === '' ? rule.sysctl : `${rule.sysctl} of ${rule.family}`;
      const earlier = lineOf.get(name);
      if (earlier !== undefined) item.fail(`Duplicate rule: ${name} has one at line ${earlier}`);
      lineOf.set(name, item.line);
      return rule;
    }),
  );
}

function parseRule(item: Place): SysctlRule[] {
  const fields = fieldsOf(item, 'rule', RULE_KEYS);
  const name = fields.sysctl ?? item.fail('Missing key "sysctl" of the rule');
  const sysctl = oneOf(name, 'sysctl', [...KNOWN_SYSCTLS.keys()]);
  const known = KNOWN_SYSCTLS.get(sysctl) ?? {};
  const expect = fields.expect && parseExpectation(fields.expect);
  const combine = fields.combine && oneOf(fields.combine, 'combine', COMBINES);
  const references = fields.references ? parseReferences(fields.references) : [];

  return familiesOf(sysctl, known, fields.family).map((family): SysctlRule => {
    const how = known[family] as Combine | GlobalPlace;
    const rule = { sysctl, expect, references };
    if (typeof how === 'string') return { ...rule, family: family as Family, combine: combine ?? how };
    if (how.text) fields.expect?.fail(`Wrong expect of "${sysctl}": it is a text, which is shown and not judged`);
    fields.combine?.fail(`Wrong combine of "${sysctl}": there is one of it, not one for each interface`);
    return { ...rule, family, ...how };
  });
}

/** The families that a rule is for: the one it names, or all that have the sysctl. */
function familiesOf(sysctl: string, known: KnownSysctl, place: Place | undefined): SysctlFamily[] {
  const families = FAMILIES.filter((family) => known[family] !== undefined);
  if (place === undefined) return families;
  const family = oneOf(place, 'family', ['ipv4', 'ipv6']);
  if (families.includes(family)) return [family];
  const others = families.filter((each) => each !== '');
  const where = others.length > 0 ? `one of ${others.join(', ')}` : 'of neither family, so leave family out';
  return place.fail(`Unknown sysctl "${sysctl}" of ${family}: it is ${where}`);
}

function parseReferences(place: Place): string[] {
  const allowed = 'a list of texts (in quotes if it looks like a number)';
  const items = place.items() ?? wrong(place, 'references', allowed);
  return items.map((item) => {
    const text = item.scalar();
    return typeof text === 'string' ? text : wrong(item, 'references', allowed);
  });
}
