import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KernelEvent } from '../../src/event/event.ts';
import { eventLog } from '../../src/pipeline/event-log.ts';
import { memoryLog } from '../input/follow.ts';
import { NOW, record } from './stages.ts';

const EVENT: KernelEvent = {
  event: 'source_route_attempt',
  family: 'ipv4',
  source: '198.51.100.20',
  destination: '192.0.2.1',
  interface: 'eth0',
};

describe('eventLog', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function start() {
    const { log, lines } = memoryLog();
    return { lines, onEvent: eventLog(log, Date.now) };
  }

  it('writes a line with what the event is and the record itself', () => {
    const { onEvent, lines } = start();
    onEvent(EVENT, record('message', { time: () => 1_700_000_000, raw: '4,1,1,-;message \n' }), '/dev/kmsg');
    expect(lines).toEqual([
      'level=info msg=Event event=source_route_attempt source=198.51.100.20 destination=192.0.2.1 interface=eth0 record_time=2023-11-14T22:13:20.000Z input=/dev/kmsg raw="4,1,1,-;message"',
    ]);
  });

  it('leaves out what is not known', () => {
    const { onEvent, lines } = start();
    const event: KernelEvent = { event: 'icmpv6_no_reply', family: 'ipv6', source: undefined };
    onEvent(event, record('x', { time: () => undefined, raw: 'x' }), '/log');
    onEvent({ ...EVENT, interface: '' }, record('x', { time: () => undefined, raw: 'x', repeat: 3 }), '/log');
    expect(lines).toEqual([
      'level=info msg=Event event=icmpv6_no_reply source=unknown input=/log raw=x',
      'level=info msg=Event event=source_route_attempt source=198.51.100.20 destination=192.0.2.1 repeat=3 input=/log raw=x',
    ]);
  });

  it('shows what the device escaped, and lets none of it act', () => {
    const { onEvent, lines } = start();
    onEvent(EVENT, record('x', { raw: 'a\\x1b[31m\\x0alevel=error\\xe2\\x80\\xae \\xc3\\xa9' }), '/log');
    expect(lines[0]).toMatch(/ raw="a\\u001b\[31m\\nlevel=error\\u202e é"$/);
  });

  it('writes ten lines a second and counts the rest in one', () => {
    const { onEvent, lines } = start();
    for (let n = 0; n < 50; n++) onEvent(EVENT, record('x', { repeat: n < 49 ? 1 : 11 }), '/log');
    expect(lines).toHaveLength(10);
    vi.advanceTimersByTime(1_000);
    expect(lines.slice(10)).toEqual(['level=info msg="Events not logged" count=50']);
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(11);
  });

  it('begins anew each second', () => {
    const { onEvent, lines } = start();
    for (let second = 0; second < 3; second++) {
      for (let n = 0; n < 12; n++) onEvent(EVENT, record('x'), '/log');
      vi.advanceTimersByTime(1_000);
    }
    expect(lines.filter((line) => line.includes('msg=Event '))).toHaveLength(30);
    expect(lines.filter((line) => line.includes('not logged'))).toEqual(
      new Array(3).fill('level=info msg="Events not logged" count=2'),
    );
  });

  it('loses none in a flood that does not end: each is written or counted', () => {
    const { onEvent, lines } = start();
    for (let n = 0; n < 10_000; n++) {
      onEvent(EVENT, record('x'), '/log');
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(2_000);
    const omitted = lines.map((line) => Number(/not logged" count=(\d+)/.exec(line)?.[1] ?? 0));
    const written = lines.filter((line) => line.includes('msg=Event ')).length;
    expect(written).toBeLessThanOrEqual(110);
    expect(written + omitted.reduce((sum, count) => sum + count, 0)).toBe(10_000);
  });

  it('writes nothing in a second without events', () => {
    const { lines } = start();
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual([]);
  });
});
