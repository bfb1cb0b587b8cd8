import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { count, readToNow } from '../e2e/count-attempts.ts';
import { Datagrams, PORT } from '../e2e/datagrams.ts';
import { Exporter } from '../e2e/exporter.ts';
import {
  ERROR_LIMIT,
  FIREWALLS,
  ICMPV6_LIMIT,
  LOG_LIMIT,
  most,
  NFTABLES,
  nftablesCounters,
  ruleText,
  runBoth,
  runCommands,
} from '../e2e/firewalls.ts';
import { change, counters } from '../e2e/ipv6-counters.ts';
import { Namespace, setSysctl } from '../e2e/namespace.ts';
import { type Details, type Packet, PacketSender } from '../e2e/packet-sender.ts';
import { describeReal } from '../e2e/required.ts';
import { Cleanups, makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

const BOX = '198.18.62.1';
const BOX6 = '2001:db8:f17e::1';
const PEER6 = '2001:db8:f17e::2';
/** Whoever sends from these is named as known, so that nobody else's packets are counted with them. */
const SENDERS = '198.18.63.0/24';
const SENDERS6 = '2001:db8:f17f::/48';

describeReal(
  'the firewall files',
  { root: true, kmsg: true, scapy: true, commands: ['ip', 'nft', 'ip6tables', 'ip6tables-restore'] },
  () => {
    const cleanups = new Cleanups();
    let box: Namespace;
    let peer: Namespace;
    let sender: PacketSender;
    let arrived: Datagrams;

    beforeAll(async () => {
      setSysctl('net/netfilter/nf_log_all_netns', 1, cleanups.add);
      box = new Namespace(cleanups.add);
      peer = new Namespace(cleanups.add);
      box.run('ip', 'link', 'add', 'e0', 'type', 'veth', 'peer', 'name', 'e0', 'netns', peer.name);
      box.run('ip', 'address', 'add', `${BOX}/24`, 'dev', 'e0');
      for (const address of [BOX6, ...FIREWALLS.map((_, at) => `${BOX6}${at}`)])
        box.run('ip', 'address', 'add', `${address}/64`, 'dev', 'e0', 'nodad');
      peer.run('ip', 'address', 'add', `${PEER6}/64`, 'dev', 'e0', 'nodad');
      // No route leads back to the senders.
      for (const name of ['all', 'e0']) box.sysctl(`net/ipv4/conf/${name}/rp_filter`, 0);
      box.run('ip', 'link', 'set', 'e0', 'up');
      peer.run('ip', 'link', 'set', 'e0', 'up');
      const mac = JSON.parse(box.run('ip', '-json', 'link', 'show', 'e0'))[0].address;
      sender = new PacketSender(peer, 'e0', mac, cleanups.add);
      arrived = await Datagrams.listen(box, cleanups.add);
    });
    afterAll(() => cleanups.run());

    const follow = () =>
      Exporter.start([
        '--input.from=end',
        '--sources.max=10000',
        `--sources.known=${SENDERS}=test`,
        `--sources.known=${SENDERS6}=test`,
      ]);

    for (const [at, firewall] of FIREWALLS.entries()) {
      describe(firewall.name, () => {
        beforeEach(() => runBoth(firewall, 'load', box));
        afterEach(() => runBoth(firewall, 'undo', box));

        it('are there once however often they are loaded, and gone when undone', () => {
          const once = firewall.list(box);
          expect(once).toContain('SRC ROUTE ATTEMPT: ');
          runBoth(firewall, 'load', box);
          expect(firewall.list(box)).toBe(once);

          runBoth(firewall, 'undo', box);
          expect(firewall.list(box).toLowerCase()).not.toContain('srcroute');
          runBoth(firewall, 'load', box);
          expect(firewall.list(box)).toBe(once);
        });

        it('leave the rules of others alone', () => {
          box.run('ip6tables', '-A', 'INPUT', '-s', '2001:db8:f170::/48', '-j', 'DROP');
          onTestFinished(() => void box.run('ip6tables', '-D', 'INPUT', '-s', '2001:db8:f170::/48', '-j', 'DROP'));
          runBoth(firewall, 'load', box);
          expect(box.run('ip6tables-save')).toContain('-A INPUT -s 2001:db8:f170::/48 -j DROP');
          runBoth(firewall, 'undo', box);
          expect(box.run('ip6tables-save')).toContain('-A INPUT -s 2001:db8:f170::/48 -j DROP');
          runBoth(firewall, 'load', box);
        });

        it('load with every rule that waits to be switched on', () => {
          for (const rules of [firewall.log, firewall.enforce]) {
            const path = join(makeDirectory(), 'all.rules');
            const all = ruleText(rules).replace(/^(\s*)#(?=[^\s!])/gm, '$1');
            writeFileSync(path, all);
            const before = firewall.list(box);
            runCommands(rules, 'load', box, path);
            expect(firewall.list(box).split('\n').length).toBeGreaterThan(before.split('\n').length);
            expect(firewall.list(box)).toContain('ipsec');
          }
        });

        it('log type 0 headers within the limit and drop them beyond it too, whatever is inside', async () => {
          const exporter = await follow();
          const from = '2001:db8:f17f::10';
          const packets = ([false, true] as const).flatMap((used): Packet[] => [
            ['rh0', from, BOX6, 100, { used, text: `rh0 ${firewall.name}`, port: PORT }],
            ['rh0', from, BOX6, 100, { used, inside: 'echo' }],
          ]);
          const before = counters(box);
          const took = await send(...packets);
          expect(firewall.counts(box)).toMatchObject({ rh0: 400, dropped: 400 });
          await reachesBox(`after rh0 ${firewall.name}`);
          expect(arrived.count(`rh0 ${firewall.name}`)).toBe(0);
          expect(change(box, before, 'Icmp6InEchos')).toBe(0);
          expect(change(box, before, 'Ip6InHdrErrors')).toBe(0);

          const logged = count(await readToNow(exporter), from);
          expect(logged).toBeGreaterThanOrEqual(LOG_LIMIT.burst);
          expect(logged).toBeLessThanOrEqual(most(LOG_LIMIT, took));
          expect(logged).toBeLessThan(400);

          // Without the rules the kernel takes those that are used up, and what is inside.
          runBoth(firewall, 'undo', box);
          const open = counters(box);
          await send(...packets.map(([kind, source, to, , details]): Packet => [kind, source, to, 1, details]));
          await arrived.arrives(`rh0 ${firewall.name}`);
          expect(arrived.count(`rh0 ${firewall.name}`)).toBe(1);
          expect(change(box, open, 'Icmp6InEchos')).toBe(1);
          expect(change(box, open, 'Ip6InHdrErrors')).toBe(2);
          runBoth(firewall, 'load', box);
        });

        it('log what they drop, in whichever order the files are loaded', async () => {
          const exporter = await follow();
          runBoth(firewall, 'undo', box);
          for (const rules of [firewall.enforce, firewall.log, firewall.enforce]) runCommands(rules, 'load', box);
          const [from, text] = ['2001:db8:f17f::11', `any order ${firewall.name}`];
          await send(['rh0', from, BOX6, 3, { used: true, text, port: PORT }]);
          await reachesBox(`after ${text}`);
          expect(arrived.count(text)).toBe(0);
          expect(firewall.counts(box)).toMatchObject({ rh0: 3, dropped: 3 });
          expect(count(await readToNow(exporter), from)).toBe(3);
        });

        it('only count and log without the file that drops, and leave that file alone', async () => {
          const exporter = await follow();
          const both = firewall.list(box);
          runCommands(firewall.enforce, 'undo', box);
          expect(firewall.list(box)).not.toMatch(/drop|reject/i);
          const [from, text] = ['2001:db8:f17f::12', `only logged ${firewall.name}`];
          const before = counters(box);
          await send(
            ['rh0', from, BOX6, 100, { used: true, text, port: PORT }],
            ['plain', PEER6, BOX6, 500, { inside: 'echo' }],
            ['plain', PEER6, BOX6, 500, { inside: 'time-exceeded' }],
          );
          await reachesBox(`after ${text}`);
          expect(arrived.count(text)).toBe(100);
          expect(change(box, before, 'Icmp6InEchos')).toBe(500);
          expect(change(box, before, 'Icmp6InTimeExcds')).toBe(500);
          expect(firewall.counts(box).rh0).toBe(100);
          expect(count(await readToNow(exporter), from)).toBeGreaterThanOrEqual(LOG_LIMIT.burst);

          runCommands(firewall.enforce, 'load', box);
          runCommands(firewall.log, 'undo', box);
          await send(['rh0', from, BOX6, 3, { used: true, text, port: PORT }]);
          await reachesBox(`dropped after ${text}`);
          expect(arrived.count(text)).toBe(100);
          expect(firewall.counts(box).dropped).toBe(3);
          runCommands(firewall.log, 'load', box);
          expect(firewall.list(box).split('\n').sort()).toEqual(both.split('\n').sort());
        });

        it('let other types of routing headers pass to the kernel', async () => {
          const exporter = await follow();
          const from = '2001:db8:f17f::20';
          const before = counters(box);
          await send(['rh2', from, BOX6, 3, {}]);
          // Refused there as unknown or, with Mobile IPv6, because the address is nobody's home.
          expect(change(box, before, 'Ip6InHdrErrors') + change(box, before, 'Ip6InAddrErrors')).toBe(3);
          expect(firewall.counts(box).rh0).toBe(0);
          expect(count(await readToNow(exporter), from)).toBe(0);
        });

        it('limit ICMPv6, and say so to the sender', async () => {
          peer.nft(`table ip6 answers {
            counter prohibited { }
            chain input {
              type filter hook input priority filter
              icmpv6 type destination-unreachable icmpv6 code admin-prohibited counter name prohibited
            }
          }\n`);
          onTestFinished(() => peer.nft('delete table ip6 answers\n'));
          const before = counters(box);
          const took = await send(['plain', PEER6, BOX6, 500, { inside: 'echo' }]);
          const accepted = change(box, before, 'Icmp6InEchos');
          expect(accepted).toBeGreaterThanOrEqual(ICMPV6_LIMIT.burst);
          expect(accepted).toBeLessThanOrEqual(most(ICMPV6_LIMIT, took));
          expect(firewall.counts(box)).toMatchObject({ icmpv6: 500 - accepted, errors: 0 });
          expect(peer.run('nft', 'list', 'counter', 'ip6', 'answers', 'prohibited')).toMatch(/packets [1-9]/);
        });

        it('limit ICMPv6 errors by themselves, and answer none', async () => {
          const before = counters(box);
          const took = await send(['plain', PEER6, BOX6, 500, { inside: 'time-exceeded' }]);
          const accepted = change(box, before, 'Icmp6InTimeExcds');
          expect(accepted).toBeGreaterThanOrEqual(ERROR_LIMIT.burst);
          expect(accepted).toBeLessThanOrEqual(most(ERROR_LIMIT, took));
          expect(firewall.counts(box)).toMatchObject({ icmpv6: 0, errors: 500 - accepted });
        });

        it('keep neighbours, errors and datagrams coming through a flood of pings', async () => {
          let flooding = true;
          const flood = (async () => {
            while (flooding) await send(['plain', PEER6, BOX6, 1_000, { inside: 'echo' }]);
          })();
          try {
            await until('the limit is reached', () => firewall.counts(box).icmpv6 > 0);
            const before = counters(box);
            box.run('ip', 'neighbour', 'flush', 'dev', 'e0');
            // An address that the peer has not asked for before.
            await reachesBox(`through the flood ${firewall.name}`, `${BOX6}${at}`);
            expect(change(box, before, 'Icmp6InNeighborSolicits')).toBeGreaterThan(0);
            await until('the box finds the peer', () => change(box, before, 'Icmp6InNeighborAdvertisements') > 0);
          } finally {
            flooding = false;
            await flood;
          }

          const late = counters(box);
          await send(
            ['plain', PEER6, BOX6, 200, { inside: 'echo' }],
            ['plain', PEER6, BOX6, 1, { inside: 'time-exceeded' }],
          );
          expect(change(box, late, 'Icmp6InTimeExcds')).toBe(1);
        });
      });
    }

    for (const accept of [0, 1]) {
      it(`${NFTABLES.name} log LSRR and SSRR that the host ${accept ? 'accepts' : 'refuses'}, however they are written`, async () => {
        runCommands(NFTABLES.log, 'load', box);
        onTestFinished(() => runCommands(NFTABLES.log, 'undo', box));
        for (const name of ['all', 'e0']) box.sysctl(`net/ipv4/conf/${name}/accept_source_route`, accept);
        const exporter = await follow();
        const text = `srr ${accept}`;
        const ways: Details[] = [
          { used: true, text, port: PORT },
          {},
          { options: ['nop'] },
          { options: ['nop', 'nop', 'nop'], used: true },
          { options: ['rr'], used: true },
          { pointer: 5 },
          { route: Array(9).fill('203.0.113.200'), pointer: 12 },
        ];
        const attempts = (['lsrr', 'ssrr'] as const).flatMap((kind, at) =>
          ways.map((way, n): Packet => [kind, `198.18.63.${accept + 1}${at}${n}`, BOX, 1 + at, way]),
        );
        const others = ([['rr'], ['alert'], ['nop'], []] as const).map(
          (options, n): Packet => [
            'plain',
            `198.18.63.${n}`,
            BOX,
            1,
            { options, text: `after ${text} ${n}`, port: PORT },
          ],
        );
        await send(...attempts, ...others);
        await Promise.all(others.map((_, n) => arrived.arrives(`after ${text} ${n}`)));
        // One of LSRR, two of SSRR.
        expect(arrived.count(text)).toBe(accept ? 3 : 0);

        const samples = await readToNow(exporter);
        const counts = (packets: readonly Packet[]) => packets.map(([, source]) => count(samples, source));
        expect(counts(attempts)).toEqual(attempts.map(([, , , packets]) => packets));
        expect(counts(others)).toEqual([0, 0, 0, 0]);
        expect(
          samples.value('srcroute_events_total', { event: 'source_route_attempt', family: 'ipv4', origin: 'known' }),
        ).toBe(21);
        const counters = nftablesCounters(box);
        expect(['lsrr', 'ssrr', 'route-begun'].map((name) => counters.get(`ipv4-${name}`))).toEqual([2, 4, 15]);
      });
    }

    it('nftables find a route that has begun at every place where an option can stand', async () => {
      runCommands(NFTABLES.log, 'load', box);
      onTestFinished(() => runCommands(NFTABLES.log, 'undo', box));
      // The shortest, with no address in it, after up to 37 options that do nothing: a header holds 40 bytes of options.
      const begun = Array.from({ length: 38 }, (_, n): Packet => {
        const options = Array(n).fill('nop');
        return [n % 2 === 0 ? 'lsrr' : 'ssrr', `198.18.63.${100 + n}`, BOX, 1, { route: [], pointer: 8, options }];
      });
      await send(...begun);
      expect(nftablesCounters(box).get('ipv4-route-begun')).toBe(begun.length);
    });

    /** Sends, and gives how many seconds that took at most. */
    async function send(...packets: Packet[]): Promise<number> {
      const start = performance.now();
      await sender.send(...packets);
      return (performance.now() - start) / 1000;
    }

    /** A datagram from the peer's own kernel. */
    async function reachesBox(text: string, to = BOX6): Promise<void> {
      await peer.runBeside(process.execPath, [
        '-e',
        `const socket = require('node:dgram').createSocket('udp6');
        socket.send(${JSON.stringify(text)}, ${PORT}, '${to}', () => socket.close());`,
      ]);
      await arrived.arrives(text);
    }
  },
);
