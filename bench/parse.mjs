import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../dist/event/address.js';
import { eventKinds } from '../dist/event/kinds.js';
import { eventParser } from '../dist/event/parse-event.js';
import { parseKmsg } from '../dist/input/parse-kmsg.js';
import { parseSyslog } from '../dist/input/parse-syslog.js';
import { attemptIpv4, attemptIpv6, EVENTS, ORDINARY } from './messages.mjs';
import { nanoseconds } from './nanoseconds.mjs';
import { random } from './random.mjs';
import { syslogLine } from './syslog-lines.mjs';
import { row } from './table.mjs';

const NEEDLES = /no reply to icmp error|Source Route Failed|source route option|SRC ROUTE ATTEMPT: /;
const UNIT = 'ns/op';
const below = random(1);
/** @template T @param {(n: number) => T} make */
const inputs = (make) => Array.from({ length: 1000 }, (_, n) => make(n));

/** What one record costs, stage by stage, in this process. */
export async function* parse() {
  yield events();
  yield records();
  yield addresses();
}

function events() {
  const parseEvent = eventParser(eventKinds(['SRC ROUTE ATTEMPT: ']));
  const measured = {
    'not ours': inputs(() => ORDINARY[below(ORDINARY.length)]?.(below(65_536)) ?? ''),
    icmpv6_no_reply: inputs(EVENTS.icmpv6_no_reply ?? String),
    source_route_failed: inputs(EVENTS.source_route_failed ?? String),
    source_route_option: inputs(EVENTS.source_route_option ?? String),
    'source_route_attempt, IPv4': inputs(attemptIpv4),
    'source_route_attempt, IPv6': inputs(attemptIpv6),
  };
  return {
    title: 'eventParser, one message',
    peer: 'testing one regular expression of the four needles',
    rows: Object.entries(measured).map(([what, messages]) => {
      const [ours = Number.NaN, peer] = nanoseconds(messages, [parseEvent, (message) => NEEDLES.test(message)]);
      return row(what, ours, UNIT, { peer });
    }),
  };
}

function records() {
  const ordinary = () => ORDINARY[below(ORDINARY.length)]?.(below(65_536)) ?? '';
  const stamp = '2026-11-22T09:41:35.971413+00:00';
  /** @type {[string, (text: string) => unknown, string[]][]} */
  const measured = [
    ['parseKmsg', parseKmsg, inputs((n) => `6,${n},${n * 1000},-;${ordinary()}\n SUBSYSTEM=net\n`)],
    ['parseSyslog, RFC 3164', parseSyslog, inputs((n) => syslogLine(ordinary(), n).trimEnd())],
    ['parseSyslog, RFC 3339', parseSyslog, inputs((n) => `${stamp} host kernel: [${n}.000000] ${ordinary()}`)],
    [
      'parseSyslog, RFC 5424',
      parseSyslog,
      inputs((n) => `<6>1 ${stamp} host kernel - - - [${n}.000000] ${ordinary()}`),
    ],
  ];
  return {
    title: 'records, one each',
    rows: measured.map(([what, read, texts]) => row(what, nanoseconds(texts, [read])[0] ?? Number.NaN, UNIT)),
  };
}

function addresses() {
  const hex = () => below(65_536).toString(16);
  const measured = {
    IPv4: inputs(() => `198.18.${below(256)}.${below(256)}`),
    'IPv6, compressed': inputs(() => `2001:2:0:${hex()}::${hex()}`),
    'IPv6, padded': inputs(() => `2001:0002:0000:${hex().padStart(4, '0')}:0000:0000:0000:${hex().padStart(4, '0')}`),
  };
  return {
    title: 'canonicalAddress, one address',
    peer: 'ipaddr.js',
    rows: Object.entries(measured).map(([what, texts]) => {
      const [ours = Number.NaN, peer] = nanoseconds(texts, [canonicalAddress, byIpaddr]);
      return row(what, ours, UNIT, { peer });
    }),
  };
}

/** @param {string} text */
function byIpaddr(text) {
  const address = ipaddr.parse(text);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}
