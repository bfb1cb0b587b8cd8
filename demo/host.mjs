// A made-up host: the trees below which the exporter reads its settings, so that it looks the same on every machine.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** By the name of the interface: this host was hardened, but for `eth0` and `lo`, which are as a stock kernel has them. */
const SYSCTLS = [
  { family: 'ipv4', sysctl: 'accept_source_route', values: { all: 0, default: 0, lo: 1, eth0: 1, eth1: 0 } },
  { family: 'ipv4', sysctl: 'log_martians', values: { all: 1, default: 1, lo: 1, eth0: 1, eth1: 1 } },
  { family: 'ipv6', sysctl: 'accept_source_route', values: { all: 0, default: 0, lo: 0, eth0: 0, eth1: 0 } },
];

const FILES = {
  'proc/sys/kernel/osrelease': '6.1.0-demo\n',
  'proc/sys/net/core/message_cost': '5\n',
  'proc/sys/net/core/somaxconn': '4096\n',
  'proc/sys/net/ipv4/icmp_ratelimit': '1000\n',
  'proc/sys/net/ipv6/icmp/ratemask': '0-1,3-127\n',
  'proc/net/if_inet6': '20010db8000000010000000000000001 02 40 00 80     eth0\n',
  'root/run/systemd/system/.keep': '',
  'root/etc/sysctl.d/60-hardening.conf':
    'net.ipv4.conf.all.accept_source_route = 0\nnet.ipv4.conf.eth*.accept_source_route = 0\nnet.ipv4.conf.*.log_martians = 1\n',
  'root/etc/sysctl.d/99-tunnel.conf': 'net.ipv4.conf.eth1.accept_source_route = 1\n',
  'policy.yaml': `rules:
  - {sysctl: accept_source_route, family: ipv4, expect: 0}
  - {sysctl: accept_source_route, family: ipv6, expect: {max: 0}}
  - {sysctl: log_martians, family: ipv4, expect: 1}
  - {sysctl: icmp_ratelimit}
  - {sysctl: ratemask, family: ipv6}
`,
};

/** Makes the host below a directory. Gives the flags that lead the exporter there, and what somebody may do on the host. */
export function makeHost(directory) {
  // Renamed into place: the exporter may read at any moment, and half a file is no value.
  const write = (path, content) => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  };
  for (const [path, content] of Object.entries(FILES)) write(path, content);
  for (const { family, sysctl, values } of SYSCTLS) {
    for (const [name, value] of Object.entries(values))
      write(`proc/sys/net/${family}/conf/${name}/${sysctl}`, `${value}\n`);
  }
  mkdirSync(join(directory, 'sys'));
  return {
    flags: [
      ...['proc', 'sys', 'root'].map((tree) => `--path.${tree}fs=${join(directory, tree)}`),
      `--sysctl.policy=${join(directory, 'policy.yaml')}`,
    ],
    /** What `all` says decides for the interfaces that have 1. */
    accept: (accepts) => write('proc/sys/net/ipv4/conf/all/accept_source_route', accepts ? '1\n' : '0\n'),
    /** Whether the kernel prints the failures of source routes; the other message stays on. */
    printFailures: (prints) =>
      write(
        'proc/dynamic_debug/control',
        `# filename:lineno [module]function flags format
net/ipv4/icmp.c:967 [icmp]icmp_unreach =${prints ? 'p' : '_'} "%pI4: Source Route Failed\\n"
net/ipv6/icmp.c:538 [ipv6]icmp6_send =p "icmp6_send: no reply to icmp error [%pI6c > %pI6c]\\n"
`,
      ),
  };
}
