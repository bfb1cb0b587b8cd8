import { spawnSync } from 'node:child_process';
import { array, assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPersist } from '../../../src/check/remedies/persist.ts';
import { predictBoot, withFile } from '../../../src/check/remedies/predict-boot.ts';
import type { KnownApplier } from '../../../src/posture/boot/appliers.ts';
import { BUILT_IN_POLICY, complies } from '../../../src/posture/policy/policy.ts';

const NAMES = ['all', 'default', 'lo', 'eth0', 'eth0.100', 'a=b', 'st*r', 'b\\xff'];
const APPLIERS: readonly KnownApplier[] = ['systemd', 'procps'];
const KEYS = [
  ...NAMES.map((name) => `net.ipv4.conf.${name.replaceAll('.', '/')}.accept_source_route`),
  ...['*', '?*', 'e*', 'eth[0-9]*', 'st[*]r', '[ad]*'].map((name) => `net/ipv4/conf/${name}/accept_source_route`),
  'net.ipv*.conf.*.accept_*',
  'net.ipv6.conf.all.accept_source_route',
  'net.ipv6.conf.*.accept_source_route',
];

const line = record({
  mark: constantFrom('', '', '', '-'),
  key: constantFrom(...KEYS),
  value: constantFrom('=0', '=1', '= -1', '', '=x'),
});
const file = record({
  label: constantFrom(
    ...['/usr/lib/sysctl.d/50-default.conf', '/etc/sysctl.d/10-a.conf', '/etc/sysctl.d/99-sysctl.conf'],
    ...[
      '/etc/sysctl.d/99-zz-source-route.conf',
      '/etc/sysctl.d/99-zzz.conf',
      '/run/sysctl.d/zz-top.conf',
      '/etc/sysctl.conf',
    ],
  ),
  text: array(line, { maxLength: 6 }).map((lines) =>
    lines.map(({ mark, key, value }) => `${mark}${key}${value}\n`).join(''),
  ),
});

function plan(applier: KnownApplier, files: readonly { label: string; text: string }[]) {
  const ordered = files.reduce<{ label: string; text: string }[]>(
    (before, each) => withFile(applier, before, each),
    [],
  );
  return {
    ordered,
    plan: planPersist({ applier, files: ordered }, BUILT_IN_POLICY, () => NAMES),
  };
}

describe('planPersist', () => {
  it('is what deploy/ ships where nothing is in its way', () => {
    expect(plan('systemd', []).plan).toEqual({
      file: '/etc/sysctl.d/99-zz-source-route.conf',
      lines: [
        'net.ipv4.conf.all.accept_source_route=0',
        'net.ipv4.conf.default.accept_source_route=0',
        'net.ipv4.conf.*.accept_source_route=0',
        'net.ipv6.conf.all.accept_source_route=0',
        'net.ipv6.conf.default.accept_source_route=0',
        'net.ipv6.conf.*.accept_source_route=0',
      ],
      edits: [],
      works: true,
    });
  });

  it('leaves IPv6 alone where it is refused more strictly', () => {
    const text = 'net.ipv6.conf.all.accept_source_route=-1\nnet.ipv6.conf.*.accept_source_route=-1\n';
    const { lines } = plan('systemd', [{ label: '/etc/sysctl.d/10-a.conf', text }]).plan;
    expect(lines.filter((each) => each.includes('ipv6'))).toEqual([]);
  });

  it.each(APPLIERS)(
    'finds a file and edits after which a boot by %s keeps the policy, whatever there was',
    (applier) => {
      assert(
        property(array(file, { maxLength: 5 }), (files) => {
          const { ordered, plan: found } = plan(applier, files);
          const added = withFile(applier, ordered, { label: found.file, text: `${found.lines.join('\n')}\n` });
          // As sed edits them.
          const edited = added.map(({ label, text }) => {
            const scripts = found.edits
              .filter((edit) => edit.file === label)
              .flatMap((edit) => ['-e', `${edit.line}s/^/# /`]);
            return {
              label,
              text: scripts.length === 0 ? text : spawnSync('sed', scripts, { input: text, encoding: 'utf8' }).stdout,
            };
          });
          const predict = predictBoot(applier, edited);
          const names = NAMES.map((name) => (name === 'b\\xff' ? Buffer.from('b\xff', 'latin1') : Buffer.from(name)));
          for (const rule of BUILT_IN_POLICY) {
            for (const { value } of predict(rule, names)) expect(complies(value ?? 99, rule.expect ?? 99)).toBe(true);
          }
          expect(found.works).toBe(true);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('gives the same file again when that is there', () => {
    const before = [{ label: '/etc/sysctl.d/10-a.conf', text: 'net.ipv4.conf.eth0.accept_source_route=1\n' }];
    const first = plan('systemd', before).plan;
    const text = `${first.lines.join('\n')}\n`;
    expect(first.lines).toContain('net.ipv4.conf.eth0.accept_source_route=0');
    expect(plan('systemd', [...before, { label: first.file, text }]).plan).toEqual(first);
  });
});
