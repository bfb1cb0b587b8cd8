import fc from 'fast-check';
import type { Node, Tree } from '../posture/boot/make-tree.ts';

/** Interfaces by type; names are bytes in latin1. */
export const INTERFACES = {
  veth: ['eth0', '.hid'],
  bridge: ['eth1', 'eth0.100', 'br.1', 'a.b.c', 'st*r', 'b\xff', 'q"{', 'x[1]', '-dash', 'a\\b', 'SRC=1', 'e'],
};

const NAMES = ['all', 'default', 'lo', ...Object.values(INTERFACES).flat()];
const GLOBS = [
  ...['*', 'e*', 'eth?', 'eth0.*', '*.*', '?', '??*', '.*', '[.]hid', '*0*', '**h*', '*[0-9]', 'nope*', 'b*\xff', 'b?'],
  ...[
    '[ae]*',
    '[!a]*',
    '[^ed]*',
    '[a-e]*',
    '[e-]*',
    '[!]x]*',
    '[[:alpha:]]*',
    '*[[:digit:]]',
    '[^[:alnum:]]*',
    '[z-a]*',
  ],
  ...[
    'eth[0',
    'eth[0-1]',
    'eth\\[0',
    'st\\*r',
    'st[*]r',
    'x\\[1\\]',
    'x[[]1]',
    'x[1]',
    'a\\\\*',
    '[\\a]*',
    '[[.b.]]*',
    '[[=l=]]o',
  ],
  ...['{eth0,eth1}', '{all,e*}', '{a*,{lo,default}}', 'eth{0,1,0.1*}', '{b*', 'e*{}', '\\{*'],
];
const FAMILIES = ['ipv4', 'ipv6', 'ipv?', 'ipv[46]', '*', 'ipv{4,6}', 'ipv5'];
const VALUES = [
  ...[
    '0',
    '1',
    '2',
    '3',
    '-1',
    '0x0',
    '0X1f',
    '010',
    '00',
    '0 # c',
    '3 4',
    '5\t6',
    '2147483647',
    '-2147483648',
    '1\r',
    '4 \r',
  ],
  ...[
    '',
    '08',
    '0x',
    '0;',
    '0#d',
    '+1',
    '-',
    '--1',
    '- 1',
    '2147483648',
    '-2147483649',
    '0x80000000',
    '1 = 0',
    '1,2',
    '"1"',
    '\\',
    'no',
  ],
  ...[
    '9'.repeat(25),
    `${'0'.repeat(19)}1`,
    `${'0'.repeat(20)}1`,
    `${'0'.repeat(30)}`,
    '\v4',
    '\xa05',
    '6\v',
    '1\f2',
    `1 ${'x'.repeat(5000)}`,
  ],
];
const FILES = [
  ...[
    '10-a.conf',
    '50-b.conf',
    '99-sysctl.conf',
    '99-zzz.conf',
    '9.conf',
    'A.conf',
    'a.conf',
    '\xff.conf',
    '\xe9.conf',
  ],
  ...['.h.conf', '.conf', 'x.conf~', '60.CONF', 'x.conf.bak', 'noext'],
];
const DIRECTORIES = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];

const oneOf = (values: readonly string[]) => fc.constantFrom(...values);
/** Mostly the first. */
const mostly = (usual: string, ...others: string[]) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 1 * others.length, arbitrary: oneOf(others) });

const path = fc
  .tuple(
    fc.oneof(oneOf(FAMILIES), oneOf(['ipv4', 'ipv6'])),
    fc.oneof({ weight: 3, arbitrary: oneOf(NAMES) }, { weight: 4, arbitrary: oneOf(GLOBS) }),
    mostly('accept_source_route', 'accept_*', 'nope', '*'),
  )
  // A wildcard as the sysctl would touch others of its siblings: only where it cannot.
  .map(([family, name, sysctl]) => ['net', family, 'conf', name, sysctl === '*' ? 'accept_source_rout?' : sysctl]);

const swap = (text: string) => text.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
const KEYS: ((components: readonly string[]) => string)[] = [
  (components) => swap(components.join('/')),
  (components) => swap(components.join('/')),
  (components) => components.join('/'),
  (components) => components.join('.'),
  (components) => `/${components.join('/')}`,
  (components) => components.join('//'),
  (components) => components.join('/./'),
  (components) => `${components.join('/')}/`,
  (components) => `${components.join('/')}/.`,
  ([net, ...others]) => `${net}/ipv4/../${others.join('/')}`,
  (components) => `\xef\xbb\xbf${components.join('/')}`,
  (components) => `NET/${components.slice(1).join('/')}`,
];
const key = fc.tuple(path, fc.constantFrom(...KEYS)).map(([components, spell]) => spell(components));
const blank = mostly('', ' ', '\t', '  ', '\v');

const value = fc.oneof(oneOf(VALUES), oneOf(['0', '1', '2', '3']));
const JUNK = ['', '# c', '; c', '  # c', 'garbage', '=1', '-', '-=1', ' ', '\v', 'a=1', '\xff\xfe=1', '.', '/=0'];

const lineOf = (keys: readonly string[], values: readonly string[]) =>
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc
        .tuple(blank, mostly('', '-', '- ', '--'), oneOf(keys), blank, blank, oneOf(values), blank)
        .map(([before, mark, name, gap, space, set, after]) => `${before}${mark}${name}${gap}=${space}${set}${after}`),
    },
    { weight: 2, arbitrary: fc.tuple(mostly('-', '--', '- ', ''), oneOf(keys), blank).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: oneOf(JUNK) },
  );

const textOf = (line: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fc.array(fc.tuple(line, mostly('\n', '\r\n', '\r', '\0', '\n\r', '\n\0', '\n\n')), { maxLength: 6 }),
      fc.boolean(),
    )
    .map(([lines, ends]) =>
      lines
        .flat()
        .slice(0, ends ? undefined : -1)
        .join(''),
    );

/** A tree's files have a few keys and values in common, because it matters how they meet. */
const odd = fc.tuple(
  fc.array(key, { minLength: 2, maxLength: 5 }),
  fc.array(value, { minLength: 2, maxLength: 4 }),
  fc.tuple(path, fc.constantFrom(...KEYS), fc.constantFrom(...KEYS)),
);
const texts = fc.oneof(
  odd.map(([keys, values, [components, one, other]]) =>
    textOf(lineOf([...keys, one(components), other(components)], values)),
  ),
  fc.subarray(['*', 'e*', 'eth?', '*.*', 'eth0', 'all', 'default'], { minLength: 2, maxLength: 4 }).map((names) =>
    textOf(
      lineOf(
        names.map((name) => `net/ipv4/conf/${name}/accept_source_route`),
        ['0', '1', '08'],
      ),
    ),
  ),
);

const LINKS = [
  ...['/dev/null', '/nowhere', 'nowhere', '../sysctl.conf', '/opt/other.conf', '../../../../../../opt/other.conf'],
  ...['10-a.conf', '../../opt/link', '/etc/sysctl.conf', 'a.conf', '/', '/opt/linked.d/a.conf', '10-a.conf/'],
];
const fileOf = (text: fc.Arbitrary<string>): fc.Arbitrary<Node> =>
  fc.oneof(
    { weight: 8, arbitrary: text },
    { weight: 4, arbitrary: oneOf(LINKS).map((link) => ({ link })) },
    { weight: 1, arbitrary: fc.constantFrom<Node>('', { directory: true }) },
  );

const filesOf = (text: fc.Arbitrary<string>) =>
  fc.record({
    listed: fc.array(fc.tuple(oneOf(DIRECTORIES), oneOf(FILES), fileOf(text)), { maxLength: 8 }),
    other: text,
    aside: text,
    main: fc.option(fileOf(text), { nil: undefined }),
  });

const links = fc.record({
  '/lib': mostly('usr/lib', '/usr/lib', ''),
  '/usr/lib/sysctl.d': mostly('', '../../opt/linked.d', '/opt/linked.d'),
  '/etc/sysctl.d': mostly('', '/opt/linked.d', '../opt/linked.d'),
});

/** Trees of every kind of file, line and value that the appliers tell apart, and of a few that nobody writes. */
export const bootTrees: fc.Arbitrary<Tree> = fc
  .tuple(links, texts.chain(filesOf))
  .map(([linked, { listed, other, aside, main }]): Tree => {
    // A file is made where the links lead, because outside of the root they would lead elsewhere.
    const real = (directory: string): string => {
      const merged = linked['/lib'] ? directory.replace(/^\/lib\//, '/usr/lib/') : directory;
      return merged in linked && linked[merged as keyof typeof linked] ? '/opt/linked.d' : merged;
    };
    return {
      ...Object.fromEntries(DIRECTORIES.map((directory) => [real(directory), { directory: true }])),
      ...Object.fromEntries(Object.entries(linked).flatMap(([path, link]) => (link ? [[path, { link }]] : []))),
      '/opt/linked.d/a.conf': aside,
      '/opt/other.conf': other,
      '/opt/link': { link: 'other.conf' },
      ...(main !== undefined && { '/etc/sysctl.conf': main }),
      // Names twice in one tree are one file.
      ...Object.fromEntries(listed.map(([directory, name, node]) => [`${real(directory)}/${name}`, node])),
    };
  });
