import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KernelEvent } from '../../src/event/event.ts';
import { eventKinds } from '../../src/event/kinds.ts';
import { eventParser, type Verdict } from '../../src/event/parse-event.ts';
import { ipv4Text, ipv6Groups, ipv6Spelling, padded } from './addresses.ts';
import { capture, kmsgMessages } from './fixtures.ts';

const parse = eventParser(eventKinds(['SRC ROUTE ATTEMPT: ']));

function eventOf(verdict: Verdict): KernelEvent {
  if (verdict === undefined || verdict === 'unrecognised') throw new Error(`Not an event: ${verdict}`);
  return verdict;
}

describe('the table of kinds', () => {
  it('names four kinds, in the order of the page and of the metrics', () => {
    expect(
      eventKinds(['x']).map(({ name, families, canLackAddress, addressRole }) => ({
        name,
        families,
        canLackAddress,
        addressRole,
      })),
    ).toEqual([
      {
        name: 'icmpv6_no_reply',
        families: ['ipv6'],
        canLackAddress: true,
        addressRole: 'answered_packet_source',
      },
      { name: 'source_route_failed', families: ['ipv4'], canLackAddress: false, addressRole: 'quoted_destination' },
      { name: 'source_route_option', families: ['ipv4'], canLackAddress: false, addressRole: 'sender' },
      { name: 'source_route_attempt', families: ['ipv4', 'ipv6'], canLackAddress: false, addressRole: 'sender' },
    ]);
  });
});

describe('icmpv6_no_reply', () => {
  const ADDRESSES = '[2001:db8:bad::66 > 2001:db8:0:2::2]';
  const EVENT = {
    event: 'icmpv6_no_reply',
    family: 'ipv6',
    source: '2001:db8:bad::66',
    destination: '2001:db8:0:2::2',
  };

  it.each([
    `IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `icmpv6_send: no reply to icmp error ${ADDRESSES}`,
    `<intr> ipv6:icmp6_send:541: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `[123] ipv6:icmp6_send:541: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `<intr> ipv6:icmp6_send:net/ipv6/icmp.c:541: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `<intr> IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `[1] IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `ipv6: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `icmp6_send: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `net/ipv6/icmp.c: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `541: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `ipv6:541: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `icmp6_send:541: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `ipv6:icmpv6_send:541: icmpv6_send: no reply to icmp error ${ADDRESSES}`,
    `IPv6: icmp6_send: no reply to icmp error ${ADDRESSES} `,
  ])('is %s', (message) => {
    expect(parse(message)).toEqual(EVENT);
  });

  it.each([
    'icmpv6_send: no reply to icmp error/fragment',
    'icmpv6_send: no reply to icmp error',
    'icmp6_send: no reply to icmp error',
    'IPv6: icmp6_send: no reply to icmp error',
    '<intr> ipv6:icmp6_send:430: IPv6: icmp6_send: no reply to icmp error',
  ])('has no address in %s', (message) => {
    expect(parse(message)).toEqual({ event: 'icmpv6_no_reply', family: 'ipv6', source: undefined });
  });

  it.each([
    ['[:: > 2001:db8::1]', '::', '2001:db8::1'],
    ['[fe80::bad > ff02::1]', 'fe80::bad', 'ff02::1'],
    ['[2001:0DB8:0000:0000:0000:0000:0000:0001 > ::1]', '2001:db8::1', '::1'],
    ['[::ffff:192.0.2.1 > ::ffff:c000:202]', '192.0.2.1', '192.0.2.2'],
  ])('writes the addresses of %s canonically', (addresses, source, destination) => {
    expect(parse(`IPv6: icmp6_send: no reply to icmp error ${addresses}`)).toEqual({
      event: 'icmpv6_no_reply',
      family: 'ipv6',
      source,
      destination,
    });
  });

  it.each([
    // Something else quotes it.
    `fake kernel: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `audit: msg='IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}'`,
    `IPv6: icmp6_send: no reply to icmp error ${ADDRESSES} and more`,
    `IPv6: icmp6_send: no reply to icmp error and more`,
    `IPv6: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    ` IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    // Decoration of another call site, or none that the kernel makes.
    `nfs:foo:12: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `icmp:icmp_unreach:969: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `ipv6:ndisc_rcv:541: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `ipv6:icmp6_send:net/ipv4/icmp.c:541: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `541:ipv6: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `<intr>ipv6:icmp6_send:541: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `<irq> ipv6:icmp6_send:541: IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    `[12] [13] IPv6: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    // Another function says so.
    `ip6t_REJECT: no reply to icmp error`,
    `icmp_send: no reply to icmp error ${ADDRESSES}`,
    `IPv4: icmp6_send: no reply to icmp error ${ADDRESSES}`,
    // Not two addresses of the family.
    'IPv6: icmp6_send: no reply to icmp error [2001:db8::1]',
    'IPv6: icmp6_send: no reply to icmp error [2001:db8::1 > ]',
    'IPv6: icmp6_send: no reply to icmp error [ > 2001:db8::1]',
    'IPv6: icmp6_send: no reply to icmp error [2001:db8::1>2001:db8::2]',
    'IPv6: icmp6_send: no reply to icmp error [2001:db8::1 > 2001:db8::2',
    'IPv6: icmp6_send: no reply to icmp error [2001:db8::1 > 2001:db8::2 > 2001:db8::3]',
    'IPv6: icmp6_send: no reply to icmp error [192.0.2.1 > 192.0.2.2]',
    'IPv6: icmp6_send: no reply to icmp error [2001:db8::1 > 192.0.2.2]',
    'IPv6: icmp6_send: no reply to icmp error [2001:db8::g > 2001:db8::2]',
    'IPv6: icmp6_send: no reply to icmp error [fe80::1%eth0 > 2001:db8::2]',
    'IPv6: icmp6_send: no reply to icmp error [2001:db8::2 > fe80::1%2]',
    'IPv6: icmp6_send: no reply to icmp error [other > unknown]',
    'IPv6: icmp6_send: no reply to icmp error\\x0a',
  ])('is not %s', (message) => {
    expect(parse(message)).toBe('unrecognised');
  });

  it.each([
    'IPv6: icmp6_send: addr_any/mcast source [:: > ff02::1]',
    'icmpv6_send: acast source',
    'IPv6: icmpv6: msg of unknown type [2001:db8::1 > 2001:db8::2]',
    'IPv6: ICMPv6 checksum failed [2001:db8::1 > 2001:db8::2]',
  ])('is none of its neighbours: %s', (message) => {
    expect(parse(message)).toBeUndefined();
  });
});

describe('source_route_failed', () => {
  it.each([
    'icmp: 203.0.113.9: Source Route Failed',
    'ICMP: 203.0.113.9: Source Route Failed.',
    'ICMP: 203.0.113.9: Source Route Failed',
    'icmp: 203.0.113.9: Source Route Failed.',
    'icmp: 203.0.113.9: Source Route Failed ',
    'IPv4: 203.0.113.9: Source Route Failed',
    'IPv4: icmp: 203.0.113.9: Source Route Failed',
    '<intr> icmp:icmp_unreach:969: icmp: 203.0.113.9: Source Route Failed',
    '<intr> icmp:icmp_unreach:net/ipv4/icmp.c:969: icmp: 203.0.113.9: Source Route Failed',
    '[42] icmp:icmp_unreach:969: icmp: 203.0.113.9: Source Route Failed',
    '<intr> icmp: 203.0.113.9: Source Route Failed',
    '969: icmp: 203.0.113.9: Source Route Failed',
    'icmp_unreach: icmp: 203.0.113.9: Source Route Failed',
  ])('is %s', (message) => {
    expect(parse(message)).toEqual({ event: 'source_route_failed', family: 'ipv4', source: '203.0.113.9' });
  });

  it.each([
    'fake kernel: icmp: 192.0.2.66: Source Route Failed',
    'icmp: 192.0.2.66: Source Route Failed again',
    'icmp: 192.0.2.66: Source Route Failed..',
    ' icmp: 192.0.2.66: Source Route Failed',
    'Icmp: 192.0.2.66: Source Route Failed',
    '192.0.2.66: Source Route Failed',
    'nfs:foo:12: icmp: 192.0.2.66: Source Route Failed',
    'ipv6:icmp6_send:541: icmp: 192.0.2.66: Source Route Failed',
    'icmp: 192.0.2.256: Source Route Failed',
    'icmp: 192.0.2: Source Route Failed',
    'icmp: 192.0.2.01: Source Route Failed',
    'icmp: : Source Route Failed',
    'icmp: 2001:db8::1: Source Route Failed',
    'icmp: ::ffff:192.0.2.1: Source Route Failed',
    'icmp: other: Source Route Failed',
    'Source Route Failed',
  ])('is not %s', (message) => {
    expect(parse(message)).toBe('unrecognised');
  });

  it('is not the other message of its function', () => {
    expect(parse('icmp: 203.0.113.9: fragmentation needed and DF set')).toBeUndefined();
  });
});

describe('source_route_option', () => {
  it.each([
    'IPv4: source route option 198.51.100.20 -> 192.0.2.1',
    'source route option 198.51.100.20 -> 192.0.2.1',
    'IPv4: source route option 198.51.100.20 -> 192.0.2.1 ',
  ])('is %s', (message) => {
    expect(parse(message)).toEqual({
      event: 'source_route_option',
      family: 'ipv4',
      source: '198.51.100.20',
      destination: '192.0.2.1',
    });
  });

  it.each([
    'kfacts: IPv4: source route option 198.51.100.20 -> 192.0.2.1',
    'IPv4: source route option 198.51.100.20 -> 192.0.2.1, on dev eth0',
    'IPv4: source route option 198.51.100.20',
    'IPv4: source route option 198.51.100.20 -> ',
    'IPv4: source route option 198.51.100.20->192.0.2.1',
    'IPv4: source route option 198.51.100.20 > 192.0.2.1',
    'IPv4: source route option 198.51.100.256 -> 192.0.2.1',
    'IPv4: source route option 198.51.100.20 -> 192.0.2.1.1',
    'IPv4: source route option 2001:db8::1 -> 2001:db8::2',
    'IPv6: source route option 198.51.100.20 -> 192.0.2.1',
    // Its file has no debug message, so nothing decorates it.
    '<intr> ip_input:ip_rcv_options:300: IPv4: source route option 198.51.100.20 -> 192.0.2.1',
  ])('is not %s', (message) => {
    expect(parse(message)).toBe('unrecognised');
  });

  it.each([
    'IPv4: martian source 192.0.2.1 from 127.0.0.5, on dev eth0',
    'IPv4: martian source (src=127.0.0.5, dst=192.0.2.1, dev=eth0)',
    'IPv4: martian destination 127.0.0.1 from 198.51.100.30, dev eth0',
    'll header: 00000000: 02 00 5e 00 53 01 02 00 5e 00 53 02 08 00',
  ])('is no martian: %s', (message) => {
    expect(parse(message)).toBeUndefined();
  });
});

describe('any event', () => {
  const spelled = ipv6Groups.chain((groups) => ipv6Spelling(groups));

  it('has one source for every spelling of an address', () => {
    fc.assert(
      fc.property(
        ipv6Groups.chain((groups) => fc.tuple(fc.constant(groups), ipv6Spelling(groups))),
        ([groups, text]) => {
          const kernel = eventOf(parse(`IPv6: icmp6_send: no reply to icmp error [${text} > ::1]`));
          const firewall = eventOf(
            parse(`SRC ROUTE ATTEMPT: IN=eth0 OUT= SRC=${padded(groups)} DST=${padded(groups)} LEN=75 `),
          );
          expect(kernel.source).toBe(firewall.source);
          expect(firewall.family).toBe('ipv6');
        },
      ),
    );
  });

  it('is recognised only from the first character to the last', () => {
    const forms = fc.oneof(
      fc.tuple(spelled, spelled).map(([a, b]) => `IPv6: icmp6_send: no reply to icmp error [${a} > ${b}]`),
      ipv4Text.map((address) => `icmp: ${address}: Source Route Failed`),
      fc.tuple(ipv4Text, ipv4Text).map(([a, b]) => `IPv4: source route option ${a} -> ${b}`),
    );
    const junk = fc.string({ minLength: 1 }).filter((text) => /^\S+$/.test(text) && !/^[\d.]/.test(text));
    fc.assert(
      fc.property(forms, junk, (message, text) => {
        expect(parse(message)).toMatchObject({ event: expect.any(String) });
        expect(parse(`${text} ${message}`)).toBe('unrecognised');
        expect(parse(`${message} ${text}`)).toBe('unrecognised');
      }),
    );
  });
});

describe('genuine messages', () => {
  it.each(['5.10.0-32-amd64.kmsg.raw', '6.1.0-56-amd64.kmsg.raw'])(
    'of %s: each kind as often as the scenario made it',
    (name) => {
      const counts = new Map<string, number>();
      for (const { facility, message } of kmsgMessages(name)) {
        const verdict = parse(message);
        const label = typeof verdict === 'object' ? verdict.event : String(verdict);
        const key = `${facility === 0 ? 'kernel' : 'user'} ${label}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      expect(Object.fromEntries(counts)).toMatchObject({
        'kernel icmpv6_no_reply': 59,
        'kernel source_route_failed': 6,
        'kernel source_route_option': 7,
        'kernel source_route_attempt': 9,
        'user icmpv6_no_reply': 1,
        'user unrecognised': 1,
      });
      expect(counts.has('kernel unrecognised')).toBe(false);
    },
  );

  it('of both families: the firewall sees what the kernel refuses and what it accepts', () => {
    const events = capture('6.18.nft-both-families.dmesg.txt')
      .trimEnd()
      .split('\n')
      .map((line) => eventOf(parse(line.replace(/^\[ *\d+\.\d+\] /, ''))));
    expect(events.map(({ event, family, source }) => `${event} ${family} ${source}`)).toEqual([
      'source_route_attempt ipv4 198.51.100.20',
      'source_route_option ipv4 198.51.100.20',
      'source_route_attempt ipv4 198.51.100.21',
      'source_route_option ipv4 198.51.100.21',
      'source_route_attempt ipv6 2001:db8:bad::70',
      'source_route_attempt ipv4 198.51.100.20',
      'source_route_attempt ipv4 198.51.100.21',
      'source_route_attempt ipv6 2001:db8:bad::70',
    ]);
  });
});
