import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Datagrams, PORT } from '../e2e/datagrams.ts';
import { Exporter } from '../e2e/exporter.ts';
import { Namespace } from '../e2e/namespace.ts';
import { type Packet, PacketSender } from '../e2e/packet-sender.ts';
import { describeReal } from '../e2e/required.ts';
import { Cleanups, makeDirectory } from '../e2e/tools.ts';

// peer e0 ── e0 box f0 ── e0 target
const PEER = { ipv4: '198.18.64.2', ipv6: '2001:db8:0ac1::2' };
const BOX = { ipv4: '198.18.64.1', ipv6: '2001:db8:0ac1::1' };
const TARGET = { ipv4: '198.18.65.2', ipv6: '2001:db8:0ac2::2' };

type Family = keyof typeof BOX;

describeReal('the kernel and the effective value agree', { root: true, scapy: true, commands: ['ip'] }, () => {
  const cleanups = new Cleanups();
  let box: Namespace;
  let sender: PacketSender;
  let exporter: Exporter;
  const arrived = {} as Record<'box' | 'target', Datagrams>;

  beforeAll(async () => {
    box = new Namespace(cleanups.add);
    const peer = new Namespace(cleanups.add);
    const target = new Namespace(cleanups.add);
    box.run('ip', 'link', 'add', 'e0', 'type', 'veth', 'peer', 'name', 'e0', 'netns', peer.name);
    box.run('ip', 'link', 'add', 'f0', 'type', 'veth', 'peer', 'name', 'e0', 'netns', target.name);
    const lines: [Namespace, string, readonly string[]][] = [
      [peer, 'e0', [`${PEER.ipv4}/24`, `${PEER.ipv6}/64`]],
      [box, 'e0', [`${BOX.ipv4}/24`, `${BOX.ipv6}/64`]],
      [box, 'f0', ['198.18.65.1/24', '2001:db8:0ac2::1/64']],
      [target, 'e0', [`${TARGET.ipv4}/24`, `${TARGET.ipv6}/64`]],
    ];
    for (const [namespace, device, addresses] of lines) {
      for (const address of addresses)
        namespace.run('ip', 'address', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []));
      namespace.run('ip', 'link', 'set', device, 'up');
    }
    target.run('ip', 'route', 'add', 'default', 'via', '198.18.65.1');
    target.run('ip', '-6', 'route', 'add', 'default', 'via', '2001:db8:0ac2::1');
    box.sysctl('net/ipv4/ip_forward', 1);
    box.sysctl('net/ipv6/conf/all/forwarding', 1);
    // The target takes whatever comes: it is the box that is asked.
    for (const name of ['all', 'e0']) target.sysctl(`net/ipv4/conf/${name}/accept_source_route`, 1);
    const mac = JSON.parse(box.run('ip', '-json', 'link', 'show', 'e0'))[0].address;
    sender = new PacketSender(peer, 'e0', mac, cleanups.add);
    arrived.box = await Datagrams.listen(box, cleanups.add);
    arrived.target = await Datagrams.listen(target, cleanups.add);
    const log = join(makeDirectory(cleanups.add), 'kern.log');
    writeFileSync(log, '');
    exporter = await Exporter.start([`--input.file=${log}`], { prefix: box.prefix, cleanup: cleanups.add });
  });
  afterAll(() => cleanups.run());

  // Any int that is not 0 is true: IN_DEV_ANDCONF, include/linux/inetdevice.h.
  it('for every pair of IPv4 values', async () => {
    const values = [0, 1, 2, -5];
    for (const [all, own] of pairs(values)) {
      set('ipv4', all, own);
      const text = `ipv4 ${all} ${own}`;
      const packet = (kind: 'lsrr' | 'ssrr', used: boolean): Packet => [
        kind,
        PEER.ipv4,
        BOX.ipv4,
        1,
        { text: `${kind} ${text}`, port: PORT, used, route: [TARGET.ipv4] },
      ];
      await sender.send(packet('lsrr', true), packet('ssrr', true), packet('lsrr', false), packet('ssrr', false));
      await drained('ipv4', text);
      // Two places each, of two kinds: to the box itself, and by it to the target.
      const delivered = (['box', 'target'] as const).flatMap((where) =>
        (['lsrr', 'ssrr'] as const).map((kind) => arrived[where].count(`${kind} ${text}`)),
      );
      const accepted = delivered[0] ?? NaN;
      expect(delivered, text).toEqual(Array(4).fill(accepted));
      expect(await effectiveValue('ipv4', all, own), text).toBe(accepted);
      expect(accepted, text).toBe(all !== 0 && own !== 0 ? 1 : 0);
    }
  });

  // ipv6_rthdr_rcv, net/ipv6/exthdrs.c. Type 0 with segments left is refused whatever stands there, and the header is passed over
  // once it is used up. Only type 2 shows the value, and only in a kernel with CONFIG_IPV6_MIP6: refused as unknown below 0,
  // else held against the home addresses. In one without it nothing that can be sent shows the value, and that is pinned here.
  it('for every pair of IPv6 values, as far as the kernel lets it be seen', async () => {
    const refusals: { least: number; unknown: number }[] = [];
    for (const [all, own] of pairs([-1, 0, 1])) {
      set('ipv6', all, own);
      const text = `ipv6 ${all} ${own}`;
      const packet = (kind: 'rh0' | 'rh2', used: boolean): Packet => [
        kind,
        PEER.ipv6,
        BOX.ipv6,
        1,
        { text: `${kind} ${used ? 'used' : 'left'} ${text}`, port: PORT, used, route: [TARGET.ipv6] },
      ];
      const before = headerErrors();
      await sender.send(packet('rh0', true), packet('rh0', false));
      await drained('ipv6', text);
      expect(arrived.box.count(`rh0 used ${text}`), text).toBe(1);
      for (const where of [arrived.box, arrived.target]) expect(where.count(`rh0 left ${text}`), text).toBe(0);
      expect(headerErrors() - before, text).toBe(1);

      const between = headerErrors();
      await sender.send(packet('rh2', false));
      await drained('ipv6', `${text} again`);
      for (const where of [arrived.box, arrived.target]) expect(where.count(`rh2 left ${text}`), text).toBe(0);
      const value = await effectiveValue('ipv6', all, own);
      expect(value, text).toBe(Math.min(all, own));
      refusals.push({ least: value ?? NaN, unknown: headerErrors() - between });
    }
    const mobile = refusals.some(({ unknown }) => unknown === 0);
    expect(refusals).toEqual(refusals.map(({ least }) => ({ least, unknown: mobile && least >= 0 ? 0 : 1 })));
  });

  function set(family: Family, all: number, own: number): void {
    box.sysctl(`net/${family}/conf/all/accept_source_route`, all);
    box.sysctl(`net/${family}/conf/e0/accept_source_route`, own);
  }

  /** Sends a datagram without a source route after the others, and waits for it at both ends: they have come, or never will. */
  async function drained(family: Family, text: string): Promise<void> {
    const last = (to: string): Packet => ['plain', PEER[family], to, 1, { text: `after ${text}`, port: PORT }];
    await sender.send(last(BOX[family]), last(TARGET[family]));
    await Promise.all([arrived.box.arrives(`after ${text}`), arrived.target.arrives(`after ${text}`)]);
  }

  /** The effective value of the interface, from the same reading as these two. */
  async function effectiveValue(family: Family, all: number, own: number): Promise<number | undefined> {
    const of = (name: string) => ({ family, interface: name, sysctl: 'accept_source_route' });
    const samples = await exporter.until(
      `it has read ${all} and ${own}`,
      (now) =>
        now.value('srcroute_sysctl_value', of('all')) === all && now.value('srcroute_sysctl_value', of('e0')) === own,
    );
    return samples.value('srcroute_sysctl_effective_value', of('e0'));
  }

  /** Packets that the box refused for a header it does not know. */
  function headerErrors(): number {
    return Number(/^Ip6InHdrErrors\s+(\d+)$/m.exec(box.run('cat', '/proc/net/snmp6'))?.[1]);
  }
});

function pairs(values: readonly number[]): [number, number][] {
  return values.flatMap((all) => values.map((own): [number, number] => [all, own]));
}
