import { appendFileSync, closeSync, constants, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { Exporter, type Samples } from '../e2e/exporter.ts';
import { Namespace, setSysctl } from '../e2e/namespace.ts';
import { describeReal, PYTHON } from '../e2e/required.ts';
import { Cleanups, makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

const SEND_PACKETS = fileURLToPath(new URL('../e2e/send-packets.py', import.meta.url));
const ATTEMPT = 'SRC ROUTE ATTEMPT: ';
const BOX = '192.0.2.1';
const BOX6 = '2001:db8:0:1::1';

type Packet = readonly [kind: 'lsrr' | 'ssrr' | 'rh0', source: string, destination: string, count?: number];

describeReal(
  'the log of this kernel',
  { root: true, kmsg: true, scapy: true, commands: ['ip', 'nft', 'ip6tables'] },
  () => {
    const cleanups = new Cleanups();
    let box: Namespace;
    let peer: Namespace;
    let mac: string;

    beforeAll(() => {
      // The kernel's limit is for all namespaces and kinds together, and others' messages count towards it.
      setSysctl('net/core/message_cost', 0, cleanups.add);
      setSysctl('net/netfilter/nf_log_all_netns', 1, cleanups.add);
      box = new Namespace(cleanups.add);
      peer = new Namespace(cleanups.add);
      box.run('ip', 'link', 'add', 'e0', 'type', 'veth', 'peer', 'name', 'e0', 'netns', peer.name);
      box.run('ip', 'address', 'add', `${BOX}/24`, 'dev', 'e0');
      box.run('ip', 'address', 'add', `${BOX6}/64`, 'dev', 'e0', 'nodad');
      box.sysctl('net/ipv4/conf/all/log_martians', 1);
      box.sysctl('net/ipv4/conf/all/accept_source_route', 0);
      // Else the senders, to whom no route leads back, are refused as martians before anybody looks at their options.
      for (const name of ['all', 'e0']) box.sysctl(`net/ipv4/conf/${name}/rp_filter`, 0);
      box.run('ip', 'link', 'set', 'e0', 'up');
      peer.run('ip', 'link', 'set', 'e0', 'up');
      mac = JSON.parse(box.run('ip', '-json', 'link', 'show', 'e0'))[0].address;
    });
    afterAll(() => cleanups.run());

    /** Follows the device from its end, with room for the addresses of whoever else sends meanwhile. */
    const followDevice = (...flags: string[]) =>
      Exporter.start(['--input.from=end', '--sources.max=10000', '--log.events', ...flags]);
    const send = (...packets: Packet[]) => peer.runBeside(PYTHON, [SEND_PACKETS, 'e0', mac, JSON.stringify(packets)]);
    const sent = (samples: Samples, event: string, source_ip: string) =>
      samples.value('srcroute_source_events_total', { event, source_ip }) ?? 0;

    it('counts refused IPv4 source routes by sender', async () => {
      const exporter = await followDevice('--sources.known=203.0.113.0/28=scanner');
      const before = await exporter.samples();
      await send(
        ['lsrr', '198.51.100.20', BOX],
        ['ssrr', '198.51.100.21', BOX],
        ['lsrr', '198.51.100.20', BOX],
        ['ssrr', '203.0.113.7', BOX],
      );
      const event = 'source_route_option';
      const after = await exporter.until(
        'the last packet is counted',
        (samples) => sent(samples, event, '203.0.113.7') > 0,
      );
      expect(sent(after, event, '198.51.100.20')).toBe(2);
      expect(sent(after, event, '198.51.100.21')).toBe(1);
      expect(sent(after, event, '203.0.113.7')).toBe(1);
      const counted = (samples: Samples, origin: string) =>
        samples.value('srcroute_events_total', { event, family: 'ipv4', origin });
      expect(counted(before, 'known')).toBe(0);
      expect(counted(after, 'known')).toBe(1);
      expect(counted(after, 'external')).toBe(3);
      expect(exporter.stderr).toMatch(
        /msg=Event event=source_route_option source=203\.0\.113\.7 destination=192\.0\.2\.1 record_time=\S+ input=\/dev\/kmsg raw="6,\d+,\d+,-[^;]*;IPv4: source route option 203\.0\.113\.7 -> 192\.0\.2\.1"/,
      );
      expectWhole(after);
    });

    it('counts what nftables logs of IPv4, refused or accepted', async () => {
      box.nft(`table ip srcroute {
        chain prerouting {
          type filter hook prerouting priority raw
          ip option lsrr exists limit rate 10/second burst 50 packets log prefix "${ATTEMPT}" level info
          ip option ssrr exists limit rate 10/second burst 50 packets log prefix "${ATTEMPT}" level info
        }
      }\n`);
      const exporter = await followDevice();
      await send(['lsrr', '198.51.100.30', BOX], ['ssrr', '198.51.100.31', BOX], ['ssrr', '198.51.100.31', BOX]);
      const after = await exporter.until(
        'both views of the last packet are counted',
        (samples) =>
          sent(samples, 'source_route_attempt', '198.51.100.31') === 2 &&
          sent(samples, 'source_route_option', '198.51.100.31') === 2,
      );
      expect(sent(after, 'source_route_attempt', '198.51.100.30')).toBe(1);
      expect(sent(after, 'source_route_option', '198.51.100.30')).toBe(1);

      box.sysctl('net/ipv4/conf/all/accept_source_route', 1);
      await send(['lsrr', '198.51.100.32', BOX]);
      const accepted = await exporter.until(
        'the packet that was accepted is counted',
        (samples) => sent(samples, 'source_route_attempt', '198.51.100.32') === 1,
      );
      box.sysctl('net/ipv4/conf/all/accept_source_route', 0);
      expect(sent(accepted, 'source_route_option', '198.51.100.32')).toBe(0);
      expectWhole(accepted);
    });

    it('counts what ip6tables logs of IPv6 by the address in its short form', async () => {
      box.run('ip6tables', '-A', 'INPUT', '-m', 'rt', '--rt-type', '0', '-j', 'LOG', '--log-prefix', ATTEMPT);
      const exporter = await followDevice('--sources.known=2001:db8:5ca::/48=scanner');
      await send(
        ['rh0', '2001:db8:bad::70', BOX6],
        ['rh0', '2001:db8:bad::70', BOX6],
        ['rh0', '2001:db8:5ca::1', BOX6],
      );
      const event = 'source_route_attempt';
      const after = await exporter.until(
        'the last packet is counted',
        (samples) => sent(samples, event, '2001:db8:5ca::1') > 0,
      );
      expect(sent(after, event, '2001:db8:bad::70')).toBe(2);
      expect(sent(after, event, '2001:db8:5ca::1')).toBe(1);
      const counted = (origin: string) => after.value('srcroute_events_total', { event, family: 'ipv6', origin });
      expect(counted('external')).toBe(2);
      expect(counted('known')).toBe(1);
      expectWhole(after);
    });

    it('loses nothing of a burst', async () => {
      const exporter = await followDevice();
      await send(
        ['lsrr', '198.51.100.40', BOX, 100],
        ['ssrr', '198.51.100.41', BOX, 100],
        ['lsrr', '198.51.100.42', BOX, 100],
      );
      const event = 'source_route_option';
      const sources = ['198.51.100.40', '198.51.100.41', '198.51.100.42'];
      const after = await exporter.until('all packets are counted', (samples) =>
        sources.every((source) => sent(samples, event, source) >= 100),
      );
      for (const source of sources) expect(sent(after, event, source)).toBe(100);
      expectWhole(after);
    });

    it('counts to the record what was overwritten before it could be read', async () => {
      const exporter = await followDevice('--no-log.events');
      const event = 'source_route_option';
      await send(['lsrr', '198.51.100.50', BOX]);
      await exporter.until('it reads', (samples) => sent(samples, event, '198.51.100.50') === 1);
      /** Records of the kernel that the exporter does not account for: those from before its start. */
      const unaccounted = async () => {
        const { newest } = sequences();
        const samples = await exporter.samples();
        if (sequences().newest !== newest) return undefined;
        return newest - samples.sum('srcroute_log_records_total') - samples.sum('srcroute_log_lost_records_total');
      };
      const before = await until('the kernel is quiet', unaccounted);
      const { newest } = sequences();

      process.kill(exporter.pid, 'SIGSTOP');
      let flood = 0;
      do {
        await send(['lsrr', '198.51.100.51', BOX, 1_000]);
        flood += 1_000;
      } while (sequences().oldest <= newest + 1_000);
      process.kill(exporter.pid, 'SIGCONT');

      await until('every record is read or lost', async () => (await unaccounted()) === before);
      const after = await exporter.samples();
      const lost = after.value('srcroute_log_lost_records_total', DEVICE) ?? 0;
      expect(lost).toBeGreaterThanOrEqual(1_000);
      expect(sent(after, event, '198.51.100.51')).toBeGreaterThan(0);
      expect(sent(after, event, '198.51.100.51') + lost).toBeGreaterThanOrEqual(flood);
      expect(after.value('srcroute_log_up', DEVICE)).toBe(1);
      expect(after.value('srcroute_log_reopens_total', DEVICE)).toBe(0);
    });

    it('adds up what the kernel says that it suppressed', async () => {
      const exporter = await followDevice();
      const event = 'source_route_option';
      setSysctl('net/core/message_cost', 1, onTestFinished);
      let packets = 200;
      await send(['lsrr', '198.51.100.60', BOX, packets]);
      // The kernel tells with the next message after the second is over.
      const after = await until('all packets are printed or suppressed', async () => {
        await send(['lsrr', '198.51.100.60', BOX]);
        packets += 1;
        const samples = await exporter.samples();
        const suppressed = samples.value('srcroute_kernel_suppressed_messages_total') ?? 0;
        return sent(samples, event, '198.51.100.60') + suppressed === packets ? samples : undefined;
      });
      expect(after.value('srcroute_kernel_suppressed_messages_total')).toBeGreaterThan(100);
      expectWhole(after);
    });

    it('dates events by the log, to the second', async () => {
      const exporter = await followDevice();
      const start = Date.now() / 1000;
      await send(['lsrr', '198.51.100.70', BOX]);
      const event = 'source_route_option';
      const after = await exporter.until('it is counted', (samples) => sent(samples, event, '198.51.100.70') === 1);
      const seen = after.value('srcroute_event_last_seen_timestamp_seconds', { event });
      expect(seen).toBeGreaterThan(start - 1);
      expect(seen).toBeLessThanOrEqual(Date.now() / 1000);
    });
  },
);

describeReal('records that user space writes to the device', { root: true, kmsg: true }, () => {
  it('are rejected and never counted, whatever priority they claim', async () => {
    const exporter = await Exporter.start(['--input.from=end', '--sources.max=10000']);
    const forgeries = [
      'IPv4: source route option 198.51.100.90 -> 192.0.2.1',
      '<6>IPv4: source route option 198.51.100.91 -> 192.0.2.1',
      '<0>IPv4: source route option 198.51.100.92 -> 192.0.2.1',
      '<6>x\n6,1,1,-;IPv4: source route option 198.51.100.93 -> 192.0.2.1',
      `<4>${ATTEMPT}IN=eth0 OUT= SRC=198.51.100.94 DST=192.0.2.1 LEN=44 `,
      '<7>IPv6: icmp6_send: no reply to icmp error [2001:db8:bad::95 > 2001:db8::1]',
      '<7>icmp: 198.51.100.96: Source Route Failed',
    ];
    // The kernel lets a descriptor write 10 records in 5 s; one each is within that.
    for (const forgery of forgeries) writeDevice(`${forgery}\n`);
    const after = await exporter.until(
      'all are rejected',
      (samples) => (rejected(samples, 'userspace') ?? 0) >= forgeries.length,
    );
    expect(rejected(after, 'userspace')).toBe(forgeries.length);
    expect(rejected(after, 'malformed')).toBe(0);
    const named = after.of('srcroute_source_events_total').map(({ labels }) => labels.source_ip);
    expect(named.filter((source) => /^198\.51\.100\.9|^2001:db8:bad::95/.test(source ?? ''))).toEqual([]);
    expectWhole(after);
  });
});

describeReal('addresses of the own network namespace', { root: true, commands: ['ip'] }, () => {
  it('are local from the moment on when they are added, and no longer when they are gone', async () => {
    const cleanups = new Cleanups();
    try {
      const namespace = new Namespace(cleanups.add);
      const directory = makeDirectory(cleanups.add);
      const log = join(directory, 'kern.log');
      writeFileSync(log, '');
      const exporter = await Exporter.start([`--input.file=${log}`], {
        prefix: namespace.prefix,
        cleanup: cleanups.add,
      });
      const event = 'source_route_option';
      /** Logs one event and gives the origin it was counted under. */
      const originOf = async (source: string) => {
        const counts = (samples: Samples) =>
          Object.fromEntries(
            samples.of('srcroute_events_total', { event }).map(({ labels, value }) => [labels.origin, value]),
          );
        const before = await exporter.samples();
        appendFileSync(
          log,
          `2026-11-22T09:41:35.971413+00:00 host kernel: IPv4: source route option ${source} -> 192.0.2.1\n`,
        );
        const total = before.sum('srcroute_events_total', { event });
        const after = await exporter.until(
          'it is counted',
          (samples) => samples.sum('srcroute_events_total', { event }) > total,
        );
        return Object.entries(counts(after))
          .filter(([origin, count]) => count !== counts(before)[origin])
          .map(([origin]) => origin);
      };
      expect(await originOf('127.0.0.1')).toEqual(['local']);
      expect(await originOf('192.0.2.77')).toEqual(['external']);
      namespace.run('ip', 'address', 'add', '192.0.2.77/32', 'dev', 'lo');
      await until('the address is known as our own', async () => (await originOf('192.0.2.77'))[0] === 'local');
      expect(await originOf('192.0.2.78')).toEqual(['external']);
      namespace.run('ip', 'address', 'delete', '192.0.2.77/32', 'dev', 'lo');
      await until('the address is known as gone', async () => (await originOf('192.0.2.77'))[0] === 'external');
    } finally {
      await cleanups.run();
    }
  });
});

const DEVICE = { input: '/dev/kmsg' };

function rejected(samples: Samples, reason: string): number | undefined {
  return samples.value('srcroute_log_rejected_records_total', { ...DEVICE, reason });
}

/** Nothing was lost, and the log is read. */
function expectWhole(samples: Samples): void {
  expect(samples.value('srcroute_log_lost_records_total', DEVICE)).toBe(0);
  expect(samples.value('srcroute_log_up', DEVICE)).toBe(1);
}

/** One write is one record. */
function writeDevice(text: string): void {
  const descriptor = openSync('/dev/kmsg', 'w');
  try {
    writeSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

/** The sequence numbers of the oldest and the newest record that the kernel holds. */
function sequences(): { oldest: number; newest: number } {
  const descriptor = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(16_384);
  let oldest = -1;
  let newest = -1;
  try {
    for (;;) {
      const text = buffer.toString('latin1', 0, readSync(descriptor, buffer));
      newest = Number(text.split(',', 2)[1]);
      if (oldest < 0) oldest = newest;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  } finally {
    closeSync(descriptor);
  }
  return { oldest, newest };
}
