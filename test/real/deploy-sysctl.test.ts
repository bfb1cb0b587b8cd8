import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { APPLIERS, applySysctls } from '../e2e/boot-sysctl.ts';
import { Namespace } from '../e2e/namespace.ts';
import { describeReal } from '../e2e/required.ts';
import { makeDirectory, run } from '../e2e/tools.ts';

const DEPLOY = fileURLToPath(new URL('../../deploy/', import.meta.url));
const SOURCE_ROUTE = readFileSync(join(DEPLOY, 'sysctl.d/99-zz-source-route.conf'), 'utf8');
const LOG_MARTIANS = readFileSync(join(DEPLOY, 'sysctl.d/99-zz-log-martians.conf'), 'utf8');
const FAMILIES = ['ipv4', 'ipv6'];
const INTERFACES = ['all', 'default', 'lo', 'eth0', 'eth0.100'];

/** What else may be there at boot. */
const NEIGHBOURS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'nothing else': {},
  // linux-sysctl-defaults of Debian 13: it means `all` to stay as it is.
  'the defaults of Debian 13': {
    '/usr/lib/sysctl.d/50-default.conf': [
      'net.ipv4.conf.default.accept_source_route = 0',
      'net.ipv4.conf.*.accept_source_route = 0',
      '-net.ipv4.conf.all.accept_source_route',
      '',
    ].join('\n'),
  },
  'files that accept, in other directories': {
    '/etc/sysctl.d/99-sysctl.conf': 'net.ipv4.conf.all.accept_source_route = 1\n',
    '/run/sysctl.d/60-late.conf': 'net.ipv4.conf.*.accept_source_route = 1\nnet.ipv6.conf.*.accept_source_route = 1\n',
    '/usr/lib/sysctl.d/10-early.conf': 'net.ipv4.conf.default.accept_source_route = 1\n',
  },
};

describeReal(
  'the sysctl.d files',
  { root: true, commands: ['ip', 'unshare', 'sysctl'], files: APPLIERS.systemd.slice(0, 1) },
  () => {
    for (const [applier, command] of Object.entries(APPLIERS)) {
      for (const [name, files] of Object.entries(NEIGHBOURS)) {
        it(`refuse source routes everywhere, by ${applier}, beside ${name}`, () => {
          const namespace = host();
          const shipped = { '/etc/sysctl.d/99-zz-source-route.conf': SOURCE_ROUTE };
          applySysctls(namespace, makeDirectory(), { ...files, ...shipped }, command);
          expect(values(namespace, 'accept_source_route')).toEqual(everywhere(INTERFACES, '0'));

          // What comes later begins with `default`.
          addInterface(namespace, 'late0');
          expect(values(namespace, 'accept_source_route', ['late0'])).toEqual(everywhere(['late0'], '0'));
        });
      }
    }

    it('reach an interface that appears later with a value of its own, as udev applies them', () => {
      const namespace = host();
      for (const family of FAMILIES) namespace.sysctl(`net/${family}/conf/eth0/accept_source_route`, 1);
      const udev = [
        ...APPLIERS.systemd,
        ...['ipv4', 'ipv6'].flatMap((family) =>
          ['conf', 'neigh'].map((directory) => `--prefix=/net/${family}/${directory}/eth0`),
        ),
      ];
      applySysctls(namespace, makeDirectory(), { '/etc/sysctl.d/99-zz-source-route.conf': SOURCE_ROUTE }, udev);
      expect(values(namespace, 'accept_source_route', ['eth0'])).toEqual(everywhere(['eth0'], '0'));
      expect(values(namespace, 'accept_source_route', ['all', 'lo'])).toEqual(everywhere(['all', 'lo'], '1'));
    });

    for (const [applier, command] of Object.entries(APPLIERS)) {
      it(`have refused source routes logged, by ${applier}`, () => {
        const namespace = host();
        applySysctls(namespace, makeDirectory(), { '/etc/sysctl.d/99-zz-log-martians.conf': LOG_MARTIANS }, command);
        expect(read(namespace, 'ipv4', 'all', 'log_martians')).toBe('1');
        expect(read(namespace, 'ipv4', 'default', 'log_martians')).toBe('1');
      });
    }
  },
);

// No kernel without dynamic debug has the file, and this may be one: what is written is compared byte for byte.
describeReal('the tmpfiles.d file', { commands: ['systemd-tmpfiles'] }, () => {
  const QUERIES = `file net/ipv6/icmp.c func icmp6_send format "no reply to icmp error" +p
file net/ipv4/icmp.c func icmp_unreach format "Source Route Failed" +p
`;
  const PROC = 'proc/dynamic_debug/control';
  const DEBUGFS = 'sys/kernel/debug/dynamic_debug/control';

  for (const present of [[PROC, DEBUGFS], [DEBUGFS], []]) {
    it(`writes one query for each line at boot where there is ${present.join(' and ') || 'nothing to write to'}`, () => {
      const root = makeDirectory();
      for (const path of present) {
        mkdirSync(join(root, dirname(path)), { recursive: true });
        writeFileSync(join(root, path), '');
      }
      mkdirSync(join(root, 'etc/tmpfiles.d'), { recursive: true });
      const config = 'tmpfiles.d/srcroute-dynamic-debug.conf';
      writeFileSync(join(root, 'etc', config), readFileSync(join(DEPLOY, config)));
      // Throws when it does not end with 0. What it warns about it says on standard error.
      run('sh', ['-c', 'warnings=$(systemd-tmpfiles --create --boot "--root=$0" 2>&1); [ -z "$warnings" ]', root]);
      for (const path of [PROC, DEBUGFS]) {
        if (present.includes(path)) expect(readFileSync(join(root, path), 'utf8')).toBe(QUERIES);
        else expect(() => readFileSync(join(root, path))).toThrow('ENOENT');
      }
    });
  }
});

/** A network with a name that has a dot, where every value is 1 that can be. */
function host(): Namespace {
  const namespace = new Namespace(onTestFinished);
  for (const name of ['eth0', 'eth0.100']) addInterface(namespace, name);
  // The kernel copies `default` to interfaces that never had an address; hosts' interfaces have.
  namespace.run('ip', 'address', 'add', '198.18.61.1/24', 'dev', 'eth0');
  for (const family of FAMILIES)
    for (const name of INTERFACES) namespace.sysctl(`net/${family}/conf/${name}/accept_source_route`, 1);
  return namespace;
}

function addInterface(namespace: Namespace, name: string): void {
  namespace.run('ip', 'link', 'add', 'name', name, 'type', 'veth', 'peer', 'name', `${name}-peer`);
}

function read(namespace: Namespace, family: string, name: string, sysctl: string): string {
  return namespace.run('cat', `/proc/sys/net/${family}/conf/${name}/${sysctl}`).trim();
}

function values(namespace: Namespace, sysctl: string, names = INTERFACES): Record<string, string> {
  return Object.fromEntries(
    FAMILIES.flatMap((family) =>
      names.map((name) => [`${family} ${name}`, read(namespace, family, name, sysctl)] as const),
    ),
  );
}

function everywhere(names: readonly string[], value: string): Record<string, string> {
  return Object.fromEntries(FAMILIES.flatMap((family) => names.map((name) => [`${family} ${name}`, value] as const)));
}
