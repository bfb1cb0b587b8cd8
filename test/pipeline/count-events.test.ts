import { describe, expect, it } from 'vitest';
import { KmsgRecords } from '../../src/input/kmsg-records.ts';
import { parseSyslog } from '../../src/input/parse-syslog.ts';
import { newInputStats } from '../../src/input/record.ts';
import { capture } from '../event/fixtures.ts';
import { CLOCK, count, makeStages, NOW, record, totals } from './stages.ts';

const OPTION = 'IPv4: source route option 198.51.100.200 -> 192.0.2.1';

describe('countEvents', () => {
  it('counts each kind under its family and origin', async () => {
    const stages = makeStages();
    const stats = await count(stages, [
      record(OPTION),
      record('IPv4: source route option 198.51.100.7 -> 192.0.2.1'),
      record('IPv4: source route option 192.0.2.1 -> 192.0.2.1'),
      record('icmpv6_send: no reply to icmp error'),
      record('IPv6: icmp6_send: no reply to icmp error [2001:0db8:0:1::1 > 2001:db8::2]'),
      record('icmp: 203.0.113.9: Source Route Failed'),
      record('SRC ROUTE ATTEMPT: IN=eth0 OUT= SRC=::ffff:192.0.2.1 DST=::1 LEN=4 '),
      record('eth0: link up'),
    ]);
    expect(totals(stages)).toEqual({
      'source_route_option ipv4 external': 1,
      'source_route_option ipv4 known': 1,
      'source_route_option ipv4 local': 1,
      'icmpv6_no_reply ipv6 unknown': 1,
      'icmpv6_no_reply ipv6 local': 1,
      'source_route_failed ipv4 external': 1,
      'source_route_attempt ipv6 local': 1,
    });
    expect(stats.rejected).toEqual({ userspace: 0, malformed: 0, oversize: 0, unrecognised: 0 });
  });

  it('rejects what user space wrote, be it an event or nearly one, and passes over the rest of it', async () => {
    const stages = makeStages();
    const stats = await count(stages, [
      record(OPTION, { fromKernel: false }),
      record(`fake kernel: ${OPTION}`, { fromKernel: false }),
      record('hello', { fromKernel: false }),
    ]);
    expect(totals(stages)).toEqual({});
    expect(stats.rejected).toMatchObject({ userspace: 2, unrecognised: 0 });
  });

  it('rejects as unrecognised what the kernel words like an event', async () => {
    const stages = makeStages();
    const stats = await count(stages, [record(`nfs: ${OPTION}`), record('icmp: 1.2.3: Source Route Failed')]);
    expect(totals(stages)).toEqual({});
    expect(stats.rejected).toMatchObject({ userspace: 0, unrecognised: 2 });
  });

  it('counts a repeated entry as often as it stands for', async () => {
    const stages = makeStages();
    const stats = await count(stages, [
      record(OPTION, { repeat: 3 }),
      record(OPTION, { repeat: 4, fromKernel: false }),
      record(`x ${OPTION}`, { repeat: 5 }),
    ]);
    expect(totals(stages)).toEqual({ 'source_route_option ipv4 external': 3 });
    expect(stats).toMatchObject({ records: 12, rejected: { userspace: 4, unrecognised: 5 } });
  });

  it('adds up what the kernel suppressed, and believes nobody else', async () => {
    const stages = makeStages();
    await count(stages, [
      record('net_ratelimit: 110 callbacks suppressed'),
      record('net_ratelimit: 5 callbacks suppressed'),
      record('net_ratelimit: 1000 callbacks suppressed', { fromKernel: false }),
      record('ext4: 7 callbacks suppressed'),
    ]);
    expect(stages.ledger.suppressedMessages).toBe(115);
  });

  it('adds up what the kernel suppressed as often as the entry is repeated', async () => {
    const stages = makeStages();
    await count(stages, [record('net_ratelimit: 10 callbacks suppressed', { repeat: 3 })]);
    expect(stages.ledger.suppressedMessages).toBe(30);
  });

  it('tells of each event that is counted, and of nothing else', async () => {
    const told: string[] = [];
    const onEvent = (event: { event: string }, { message }: { message: string }, input: string) =>
      told.push(`${input} ${event.event} ${message}`);
    await count(makeStages({ onEvent }), [
      record(OPTION),
      record(OPTION, { fromKernel: false }),
      record(`x ${OPTION}`),
      record('hello'),
    ]);
    expect(told).toEqual([`/log source_route_option ${OPTION}`]);
  });

  it('takes the time of the record, or the present where it has none', async () => {
    const stages = makeStages();
    const lastSeen = () =>
      stages.ledger.accounts(CLOCK).find(({ kind }) => kind.name === 'source_route_option')?.lastSeen;
    await count(stages, [record('a'), record(OPTION, { time: () => 1_234 })]);
    expect(lastSeen()).toBe(1_234);
    await count(stages, [record(OPTION, { time: () => undefined })]);
    expect(lastSeen()).toBe(NOW / 1000);
  });

  it.each(['5.10.0-32-amd64', '6.1.0-56-amd64'])('accounts for every genuine record of %s', async (kernel) => {
    const read = newInputStats();
    const kmsg = new KmsgRecords(read, () => 1_000);
    const records = capture(`${kernel}.kmsg.raw`)
      .trimEnd()
      .split('\n')
      .flatMap((line) => kmsg.read(line, true) ?? []);
    const stages = makeStages();
    const stats = await count(stages, records);
    const events = Object.values(totals(stages)).reduce((sum, count) => sum + count, 0);
    expect({ events, rejected: stats.rejected, suppressed: stages.ledger.suppressedMessages }).toEqual({
      events: 59 + 6 + 7 + 9,
      rejected: { userspace: 2, malformed: 0, oversize: 0, unrecognised: 0 },
      suppressed: 110,
    });
  });

  it.each(['RSYSLOG_FileFormat', 'RSYSLOG_SyslogProtocol23Format', 'RSYSLOG_TraditionalFileFormat'])(
    "counts the same from rsyslog's %s as from the device",
    async (format) => {
      const [fromFile, fromDevice] = [makeStages(), makeStages()];
      const lines = capture(`6.1.0-56-amd64.rsyslog-${format}.log`).trimEnd().split('\n');
      const kmsg = new KmsgRecords(newInputStats(), () => 1_000);
      await count(
        fromFile,
        lines.flatMap((raw) => {
          const parsed = parseSyslog(raw);
          return parsed === undefined ? [] : [{ ...parsed, raw, repeat: 1, time: () => 1_000 }];
        }),
      );
      await count(
        fromDevice,
        capture('6.1.0-56-amd64.kmsg.raw')
          .trimEnd()
          .split('\n')
          .flatMap((line) => kmsg.read(line, true) ?? []),
      );
      expect(totals(fromFile)).toEqual(totals(fromDevice));
      expect(fromFile.ledger.accounts(CLOCK).map(({ sources, subnets }) => [sources.named, subnets.named])).toEqual(
        fromDevice.ledger.accounts(CLOCK).map(({ sources, subnets }) => [sources.named, subnets.named]),
      );
    },
  );
});
