import { spawnSync } from 'node:child_process';
import { array, assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BootFile } from '../../../src/check/readings.ts';
import { labelBytes } from '../../../src/check/remedies/label-bytes.ts';
import { type PersistPlan, planPersist } from '../../../src/check/remedies/persist.ts';
import { predictBoot, withFile } from '../../../src/check/remedies/predict-boot.ts';
import type { KnownApplier } from '../../../src/posture/boot/appliers.ts';
import { BUILT_IN_POLICY, complies } from '../../../src/posture/policy/policy.ts';

const NAMES = ['all', 'default', 'lo', 'eth0', 'eth0.100', '.mgmt', 'a=b', 'st*r', '#x', 'b\\xff'];
const APPLIERS: readonly KnownApplier[] = ['systemd', 'procps'];
const KEYS = [
  ...NAMES.map((name) => `net/ipv4/conf/${labelBytes(name).toString('latin1')}/accept_source_route`),
  'net.ipv4.conf.lo.accept_source_route',
  ...['*', '?*', 'e*', 'a?b', 'eth[0-9]*', 'st[*]r', '[ad]*'].map(
    (name) => `net/ipv4/conf/${name}/accept_source_route`,
  ),
  'net.ipv*.conf.*.accept_*',
  'net.ipv6.conf.all.accept_source_route',
  'net.ipv6.conf.*.accept_source_route',
  'net.ipv4.conf.all.rp_filter',
];
/** In the order in which one hides the same name in the next. */
const DIRECTORIES = ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map((parent) => `${parent}/sysctl.d`);

const line = record({
  mark: constantFrom('', '', '', '-'),
  key: constantFrom(...KEYS),
  value: constantFrom('=0', '=1', '= -1', '', '=x'),
});
const file = record({
  name: constantFrom(
    '10-a.conf',
    '50-default.conf',
    '99-zz-source-route.conf',
    '99-zzz.conf',
    'zzzzzzz.conf',
    '~x.conf',
    '\\xff.conf',
  ),
  directory: constantFrom(...DIRECTORIES),
  // Where a link of that name leads.
  link: constantFrom(undefined, undefined, undefined, '/usr/lib/package/x', '/etc/sysctl.conf', '/run/x'),
  text: array(line, { maxLength: 6 }).map((lines) =>
    lines.map(({ mark, key, value }) => `${mark}${key}${value}\n`).join(''),
  ),
});
type Given = Readonly<{ name: string; directory: string; link?: string | undefined; text: string }>;

/** The files that a boot reads, in its order: of each name that of the first directory, and by procps /etc/sysctl.conf. */
function listed(
  applier: KnownApplier,
  given: readonly Given[],
  directories: readonly string[],
  sysctlConf: string,
): BootFile[] {
  const linked = new Map([['/etc/sysctl.conf', sysctlConf]]);
  const files = given.toReversed().map(({ name, directory, link, text }): BootFile => {
    if (link !== undefined && !linked.has(link)) linked.set(link, text);
    const label = `${directory}/${name}`;
    const path = link ?? labelBytes(label).toString('latin1');
    return { label, path, text: link === undefined ? text : (linked.get(link) as string) };
  });
  const found = directories
    .toReversed()
    .flatMap((directory) => files.filter(({ label }) => label.startsWith(`${directory}/`)));
  const last = { label: '/etc/sysctl.conf', path: '/etc/sysctl.conf', text: sysctlConf };
  return found.reduce((before, each) => withFile(applier, before, each), applier === 'procps' ? [last] : []);
}

function plan(applier: KnownApplier, given: readonly Given[], { labels = NAMES, sysctlConf = '' } = {}) {
  const files = listed(applier, given, DIRECTORIES, sysctlConf);
  const lastingFiles = listed(
    applier,
    given,
    DIRECTORIES.filter((directory) => directory !== '/run/sysctl.d'),
    sysctlConf,
  ).map((each) => (each.path.startsWith('/run/') ? { ...each, text: '' } : each));
  const boot = {
    applier,
    files,
    lastingFiles,
    reason: undefined,
    error: undefined,
    directory: '/etc/sysctl.d',
    unreadFiles: [],
  };
  const goal = { rules: BUILT_IN_POLICY, labels: () => labels, isForEvery: true };
  return { files, lastingFiles, plan: planPersist(boot, goal) };
}

const etc = (name: string, text: string): Given => ({ directory: '/etc/sysctl.d', name, text });
const vendor = (name: string, text: string): Given => ({ directory: '/usr/lib/sysctl.d', name, text });
/** What ours cannot move behind later patterns: under systemd a key with the same value keeps its first place. */
const KEEPS_PLACE = 'net.ipv4.conf.*.accept_source_route=0\nnet/ipv4/conf/a?b/accept_source_route=0\n';
const ACCEPTS = 'net.ipv4.conf.all.accept_source_route=1\n';

/** The files after the commands of a plan: the same edits by sed, and copies where they would be. */
function obey(applier: KnownApplier, files: readonly BootFile[], { file, lines, edits }: PersistPlan): BootFile[] {
  const own = { label: file, path: file, text: `${lines.join('\n')}\n` };
  return edits.reduce(
    (before, { source, target, script }) => {
      const decisive = before.find(({ path }) => path === source);
      if (decisive === undefined) return before;
      const text = spawnSync(
        'sed',
        script.flatMap((each) => ['-e', each]),
        {
          input: Buffer.from(decisive.text, 'latin1'),
          env: { ...process.env, LC_ALL: 'C.UTF-8' },
        },
      ).stdout.toString('latin1');
      if (source === target) return before.map((each) => (each.path === source ? { ...each, text } : each));
      const copy = { label: target.replace('\xff', '\\xff'), path: target, text };
      if (target === '/etc/sysctl.conf') return before.map((each) => (each.label === target ? copy : each));
      return withFile(applier, before, copy);
    },
    withFile(applier, files, own),
  );
}

describe('planPersist', () => {
  it('is what deploy/ ships where nothing is in its way', () => {
    expect(plan('systemd', [], { labels: ['all', 'default', 'lo', 'a=b'] }).plan).toEqual({
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

  it.each([
    ['-1 everywhere', 'net.ipv6.conf.all.accept_source_route=-1\nnet.ipv6.conf.*.accept_source_route=-1\n', []],
    // The others are at 0 or violate: by name, so that no pattern undoes what is stricter.
    [
      '-1 on one interface',
      'net.ipv6.conf.lo.accept_source_route=-1\nnet.ipv6.conf.eth0.accept_source_route=1\n',
      ['net.ipv6.conf.eth0.accept_source_route=0'],
    ],
  ])('leaves IPv6 alone where it is refused more strictly: %s', (_, text, expected) => {
    const { lines } = plan('systemd', [etc('10-a.conf', text)], { labels: ['all', 'default', 'lo', 'eth0'] }).plan;
    expect(lines.filter((each) => each.includes('ipv6'))).toEqual(expected);
  });

  it.each([
    ['zzzzzzz.conf', 'zzzzzzzz-source-route.conf'],
    ['99-zzz.conf', 'z-source-route.conf'],
    ['~x.conf', '~z-source-route.conf'],
    ['é.conf', 'éz-source-route.conf'],
    ['\\xff\\xfe.conf', '\\xff\\xfez-source-route.conf'],
    [`zz${'a'.repeat(240)}.conf`, 'zzz-source-route.conf'],
  ])('outsorts a vendor file %s by %s, and edits nothing', (name, expected) => {
    const given = [vendor('50-default.conf', ACCEPTS), vendor(name, ACCEPTS)];
    expect(plan('systemd', given).plan).toMatchObject({ file: `/etc/sysctl.d/${expected}`, edits: [], works: true });
    // The same again when it is there.
    const { file, lines } = plan('systemd', given).plan;
    const own = etc(file.slice('/etc/sysctl.d/'.length), `${lines.join('\n')}\n`);
    expect(plan('systemd', [...given, own]).plan).toMatchObject({ file, lines });
  });

  it('replaces no file of its own name that sets anything else', () => {
    const given = etc('99-zz-source-route.conf', `${ACCEPTS}net.ipv4.conf.all.rp_filter=1\n`);
    expect(plan('systemd', [given]).plan).toMatchObject({ file: '/etc/sysctl.d/z-source-route.conf', works: true });
  });

  it('reaches an interface by name where a pattern cannot beat the line of another file', () => {
    const given = etc(
      '10-a.conf',
      'net/ipv4/conf/#x/accept_source_route=1\nnet/ipv4/conf/\xe9/accept_source_route=1\n',
    );
    const { lines, works } = plan('systemd', [given], { labels: ['all', 'default', '#x', '\\xe9'] }).plan;
    expect(lines.slice(-2)).toEqual([
      'net/ipv4/conf/#x/accept_source_route=0',
      'net/ipv4/conf/\xe9/accept_source_route=0',
    ]);
    expect(works).toBe(true);
  });

  it('names each interface whose name begins with a dot: no pattern reaches one that is there before the applier', () => {
    const { lines } = plan('systemd', [], { labels: ['all', 'default', 'lo', '.mgmt'] }).plan;
    expect(lines.filter((each) => each.includes('mgmt'))).toEqual([
      'net/ipv4/conf/.mgmt/accept_source_route=0',
      'net/ipv6/conf/.mgmt/accept_source_route=0',
    ]);
  });

  it('hides a line in a package by a copy in /etc, and switches off one in /etc where it is', () => {
    const early = etc('10-a.conf', KEEPS_PLACE);
    const late = 'net.ipv4.conf.all.rp_filter=1\nnet/ipv4/conf/a*/accept_source_route=1\n';
    const script = ['2s/^net.ipv4.conf.a..accept_source_route=1/# &/'];
    const copied = { source: '/usr/lib/sysctl.d/50-v.conf', target: '/etc/sysctl.d/50-v.conf', script };
    expect(plan('systemd', [early, vendor('50-v.conf', late)]).plan).toMatchObject({ edits: [copied], works: true });

    const edited = { source: '/etc/sysctl.d/50-v.conf', target: '/etc/sysctl.d/50-v.conf', script };
    expect(plan('systemd', [early, etc('50-v.conf', late)]).plan).toMatchObject({ edits: [edited], works: true });

    const link = { ...etc('50-v.conf', late), link: '/usr/lib/package/x' };
    const unlinked = { source: '/usr/lib/package/x', target: '/etc/sysctl.d/50-v.conf', script };
    expect(plan('systemd', [early, link]).plan).toMatchObject({ edits: [unlinked], works: true });
  });

  it('switches off a line of the file that procps reads last', () => {
    const { plan: found } = plan('procps', [], { sysctlConf: `# mine\r\n${ACCEPTS}` });
    expect(found.edits).toEqual([
      {
        source: '/etc/sysctl.conf',
        target: '/etc/sysctl.conf',
        script: ['2s/^net.ipv4.conf.all.accept_source_route=1/# &/'],
      },
    ]);
  });

  it('edits no line where the applier counts lines otherwise than sed', () => {
    const early = etc('10-a.conf', KEEPS_PLACE);
    const late = etc(
      '50-v.conf',
      '# one\r# two\nnet/ipv4/conf/a*/accept_source_route=1\nnet.ipv4.conf.all.rp_filter=1\n',
    );
    expect(plan('systemd', [early, late]).plan).toMatchObject({ edits: [], works: false });
  });

  it('holds after a boot that has emptied /run, where that hid a file of a package', () => {
    const hidden = vendor('zzz.conf', 'net.ipv4.conf.lo.accept_source_route=1\n');
    const { plan: found } = plan('systemd', [hidden, { ...etc('zzz.conf', ''), directory: '/run/sysctl.d' }]);
    expect(found).toMatchObject({ file: '/etc/sysctl.d/zzzz-source-route.conf', edits: [], works: true });
    expect(found.lines).toContain('net.ipv4.conf.lo.accept_source_route=0');
  });

  it('sets what only a line kept right that has to go', () => {
    const pattern = 'net.ipv*.conf.*.accept_*';
    const given = { ...etc('10-a.conf', `${pattern}=1\n`), directory: '/run/sysctl.d' };
    expect(plan('procps', [given], { sysctlConf: `${pattern}=-1\n` }).plan.works).toBe(true);
  });

  it.each(APPLIERS)(
    'finds a file and edits in /etc after which a boot by %s keeps the policy, whatever there was',
    (applier) => {
      assert(
        property(array(file, { maxLength: 5 }), line, (given, last) => {
          const sysctlConf = `# mine\n${last.mark}${last.key}${last.value}\n`;
          const { files, lastingFiles, plan: found } = plan(applier, given, { sysctlConf });
          expect(
            [found.file, ...found.edits.map(({ target }) => target)].every((each) => each.startsWith('/etc/')),
          ).toBe(true);
          const keeps = (files: readonly BootFile[]) => {
            const predict = predictBoot(applier, obey(applier, files, found));
            return BUILT_IN_POLICY.every((rule) =>
              predict(rule, NAMES.map(labelBytes)).every(({ value }) => complies(value ?? 99, rule.expect ?? 99)),
            );
          };
          expect(keeps(lastingFiles)).toBe(true);
          // A line below /run that no file beats is left to the boot, and the plan says that the prediction does not hold.
          expect(keeps(files)).toBe(found.works);
          if (!given.some(({ directory, link }) => directory === '/run/sysctl.d' || link === '/run/x'))
            expect(found.works).toBe(true);
        }),
        { numRuns: 300 },
      );
    },
  );
});
