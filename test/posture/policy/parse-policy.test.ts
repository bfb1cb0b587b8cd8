import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/posture/policy/parse-policy.ts';

const RULE = 'rules:\n  - sysctl: accept_source_route\n';
const EXPECT = 'allowed is an integer, a list of integers, {min: integer}, {max: integer} or both';
const KEYS = 'sysctl, family, expect, combine, references';
const REFERENCES = 'allowed is a list of texts (in quotes if it looks like a number)';

describe('parsePolicy', () => {
  it('reads every key', () => {
    const text = `
# Source routing
rules:
  - sysctl: accept_source_route
    family: ipv4
    expect: 0
    references: ["CIS Debian 12 3.3.8"]
  - sysctl: accept_source_route
    family: ipv6
    expect: {max: 0}
  - sysctl: rp_filter
    expect: [1, 2]
  - {sysctl: accept_redirects, family: ipv4, expect: 0, combine: and}
`;
    expect(parsePolicy(text, 'p.yml')).toEqual([
      {
        family: 'ipv4',
        sysctl: 'accept_source_route',
        expect: 0,
        combine: 'and',
        references: ['CIS Debian 12 3.3.8'],
      },
      { family: 'ipv6', sysctl: 'accept_source_route', expect: { max: 0 }, combine: 'min', references: [] },
      { family: 'ipv4', sysctl: 'rp_filter', expect: [1, 2], combine: 'max', references: [] },
      { family: 'ipv4', sysctl: 'accept_redirects', expect: 0, combine: 'and', references: [] },
    ]);
  });

  it('makes a rule without a family one for each that has the sysctl', () => {
    const rules = parsePolicy('rules:\n  - sysctl: accept_redirects\n    expect: 0\n', 'p.yml');
    expect(rules.map(({ family, combine }) => [family, combine])).toEqual([
      ['ipv4', 'redirects'],
      ['ipv6', 'interface'],
    ]);
  });

  it('makes a rule that only shows values of one without expect', () => {
    expect(parsePolicy(RULE, 'p.yml').map(({ family, expect }) => [family, expect])).toEqual([
      ['ipv4', undefined],
      ['ipv6', undefined],
    ]);
  });

  it('knows where a sysctl stands that there is one of', () => {
    const names = ['icmp_ratelimit', 'ratelimit', 'ratemask', 'message_cost', 'dmesg_restrict'];
    const text = `rules:\n${names.map((name) => `  - sysctl: ${name}\n`).join('')}`;
    expect(parsePolicy(text, 'p.yml')).toEqual([
      { family: 'ipv4', directory: 'net/ipv4', sysctl: 'icmp_ratelimit', references: [] },
      { family: 'ipv6', directory: 'net/ipv6/icmp', sysctl: 'ratelimit', references: [] },
      { family: 'ipv6', directory: 'net/ipv6/icmp', sysctl: 'ratemask', text: true, references: [] },
      { family: '', directory: 'net/core', sysctl: 'message_cost', references: [] },
      { family: '', directory: 'kernel', sysctl: 'dmesg_restrict', references: [] },
    ]);
  });

  it('follows an alias', () => {
    const text = 'rules:\n  - {sysctl: rp_filter, expect: &on [1, 2]}\n  - {sysctl: log_martians, expect: *on}\n';
    expect(parsePolicy(text, 'p.yml').map((rule) => rule.expect)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it.each([
    ['', '1: Wrong policy, nothing: allowed is a mapping with rules'],
    ['[]', '1: Wrong policy, a list: allowed is a mapping with rules'],
    ['{}', '1: Missing key "rules" of the policy'],
    ['# why\nrule: []\n', '2: Unknown key "rule" of the policy: allowed is rules'],
    ['rules:', '1: Wrong rules, nothing: allowed is a list of rules'],
    ['rules: 3', '1: Wrong rules, 3: allowed is a list of rules'],
    ['rules: []', '1: Empty rules: at least one rule is needed'],
    ['rules: *x', '1: Wrong rules, an alias of nothing: allowed is a list of rules'],
    ['rules:\n  - 3\n', `2: Wrong rule, 3: allowed is a mapping with ${KEYS}`],
    ['rules: &a\n  - *a\n', `2: Wrong rule, a list: allowed is a mapping with ${KEYS}`],
    // YAML
    ['rules:\n\t- a\n', '2: Tabs are not allowed as indentation'],
    ['rules: []\nrules: []\n', '2: Map keys must be unique'],
    ['--- 1\n--- 2\n', '2: More than one YAML document: allowed is one'],
    ['rules: !mine []\n', '1: Unresolved tag: !mine'],
    ['rules:\n  - a\0\n', '2: A NUL character: this is no text'],
    [`rules:\n${'- '.repeat(30_000)}`, '2: Nested too deeply'],
    [`rules:\n${'['.repeat(60_000)}`, '2: Nested too deeply'],
    [Array.from({ length: 100 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), '64: Nested too deeply'],
    [`${RULE}    ? [a]\n    : 1\n`, '3: With stringKeys, all keys must be strings'],
    // Keys
    ['rules:\n  - expect: 0\n', '2: Missing key "sysctl" of the rule'],
    [`${RULE}    expect: 0\n    expects: 0\n`, `4: Unknown key "expects" of the rule: allowed is ${KEYS}`],
    [`${RULE}    "a\\nb": 0\n`, `3: Unknown key "a\\nb" of the rule: allowed is ${KEYS}`],
    [`${RULE}    expect: 0\n    <<: {a: 1}\n`, `4: Unknown key "<<" of the rule: allowed is ${KEYS}`],
    // Values
    [`${RULE}    expect:\n`, `3: Wrong expect, nothing: ${EXPECT}`],
    ['rules:\n  - {sysctl: rp_filter,\n     expect}\n', `3: Wrong expect, nothing: ${EXPECT}`],
    [`${RULE}    expect: "0"\n`, `3: Wrong expect, "0": ${EXPECT}`],
    [`${RULE}    expect: 0.5\n`, `3: Wrong expect, 0.5: ${EXPECT}`],
    [`${RULE}    expect: no\n`, `3: Wrong expect, "no": ${EXPECT}`],
    [`${RULE}    expect: [0, [1]]\n`, `3: Wrong expect, a list: ${EXPECT}`],
    [`${RULE}    expect: []\n`, `3: Empty expect: ${EXPECT}`],
    [`${RULE}    expect: {}\n`, `3: Empty expect: ${EXPECT}`],
    [`${RULE}    expect: {max: x}\n`, `3: Wrong expect, "x": ${EXPECT}`],
    [`${RULE}    expect:\n      max: 0\n      mid: 0\n`, '5: Unknown key "mid" of expect: allowed is min, max'],
    [`${RULE}    expect: {min: 2, max: 1}\n`, '3: Wrong expect: min 2 is more than max 1'],
    [`${RULE}    expect: 4294967295\n`, '3: Wrong expect, 4294967295: a sysctl is from -2147483648 to 2147483647'],
    [`${RULE}    expect: 0\n    family: ipv5\n`, '4: Unknown family "ipv5": allowed is ipv4, ipv6'],
    [`${RULE}    expect: 0\n    family: [ipv4]\n`, '4: Unknown family a list: allowed is ipv4, ipv6'],
    [`${RULE}    expect: 0\n    combine: xor\n`, '4: Unknown combine "xor": allowed is and, or, max, min, interface'],
    [`${RULE}    expect: 0\n    references: CIS\n`, `4: Wrong references, "CIS": ${REFERENCES}`],
    [`${RULE}    expect: 0\n    references: [3.3]\n`, `4: Wrong references, 3.3: ${REFERENCES}`],
    // Rules against each other and against the table
    [
      'rules:\n  - {sysctl: log_martians, family: ipv6, expect: 1}\n',
      '2: Unknown sysctl "log_martians" of ipv6: it is one of ipv4',
    ],
    [
      'rules:\n  - sysctl: message_cost\n    family: ipv4\n',
      '3: Unknown sysctl "message_cost" of ipv4: it is of neither family, so leave family out',
    ],
    [
      'rules:\n  - {sysctl: dmesg_restrict}\n  - {sysctl: dmesg_restrict}\n',
      '3: Duplicate rule: dmesg_restrict has one at line 2',
    ],
    [
      'rules:\n  - sysctl: ratemask\n    expect: 1\n',
      '3: Wrong expect of "ratemask": it is a text, which is shown and not judged',
    ],
    [
      'rules:\n  - sysctl: icmp_ratelimit\n    expect: 1\n    combine: or\n',
      '4: Wrong combine of "icmp_ratelimit": there is one of it, not one for each interface',
    ],
    [
      `${RULE}    expect: 0\n  - sysctl: accept_source_route\n    family: ipv6\n    expect: 0\n`,
      '4: Duplicate rule: accept_source_route of ipv6 has one at line 2',
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parsePolicy(text, '/etc/p.yml')).toThrow(new SyntaxError(`/etc/p.yml:${message}`));
  });

  it.each(['nope', 'constructor', 'net.ipv4.conf.all.rp_filter', '../all/rp_filter', 'Accept_Source_Route'])(
    'refuses the sysctl %s and names those there are',
    (sysctl) => {
      expect(() => parsePolicy(`rules:\n  - sysctl: ${sysctl}\n    expect: 0\n`, 'p.yml')).toThrow(
        `p.yml:2: Unknown sysctl "${sysctl}": allowed is accept_source_route, accept_redirects, `,
      );
    },
  );

  it('follows an alias of an alias, and asks nothing of what nests them', () => {
    const bomb = Array.from({ length: 30 }, (_, n) => `  - &a${n + 1} [*a${n}, *a${n}]\n`).join('');
    expect(() => parsePolicy(`rules:\n  - &a0 x\n${bomb}`, 'p.yml')).toThrow(/^p\.yml:2: Wrong rule, "x": /);
    const chain = 'rules:\n  - {sysctl: &s rp_filter, expect: &one 1}\n  - {sysctl: log_martians, expect: *one}\n';
    expect(parsePolicy(chain, 'p.yml').map((rule) => rule.expect)).toEqual([1, 1]);
  });

  it('takes the nearest anchor before an alias', () => {
    const text =
      'rules:\n  - {sysctl: rp_filter, expect: &n 1}\n  - {sysctl: arp_ignore, expect: &n 2}\n' +
      '  - {sysctl: arp_announce, expect: *n}\n';
    expect(parsePolicy(text, 'p.yml').map((rule) => rule.expect)).toEqual([1, 2, 2]);
  });

  it('looks each of thousands of aliases up once', () => {
    const references = `[&r a${', *r'.repeat(15_000)}]`;
    const [rule] = parsePolicy(`${RULE}    family: ipv4\n    references: ${references}\n`, 'p.yml');
    expect(rule?.references).toHaveLength(15_001);
  });

  it('keeps the parser’s message on one line', () => {
    for (const text of ['rules:\n  - sysctl: [\n', 'a: "\\q"\n', 'a: b: c\n', '\u0000{', '%X\n']) {
      expect(() => parsePolicy(text, 'p.yml')).toThrow(/^p\.yml:\d+: .+$/);
    }
  });
});
