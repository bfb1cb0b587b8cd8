import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exposition, ours } from './exposition.ts';

const FIXTURES = 'test/fixtures/kernel';
const CAPTURES = readdirSync(FIXTURES).filter((name) => name.endsWith('.kmsg.raw') || name.includes('.rsyslog-'));
const KERNELS = ['5.10.0-32-amd64', '6.1.0-56-amd64'];

function read(capture: string): Promise<string> {
  const flag = capture.endsWith('.kmsg.raw') ? '--input.kmsg' : '--input.file';
  return exposition(`${flag}=${FIXTURES}/${capture}`);
}

/** The series of events alone, in order. */
function events(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /^srcroute_(source_)?events_total\{/.test(line))
    .sort();
}

describe('genuine kernel output', () => {
  it.each(CAPTURES)('%s gives the golden exposition', async (capture) => {
    await expect(ours(await read(capture))).toMatchFileSnapshot(`${capture}.prom`);
  });

  it.each(KERNELS)('%s: the device and all templates of imklog give the same events', async (kernel) => {
    const device = events(await read(`${kernel}.kmsg.raw`));
    expect(device.some((line) => !line.endsWith(' 0'))).toBe(true);
    for (const template of ['TraditionalFileFormat', 'FileFormat', 'SyslogProtocol23Format']) {
      expect(events(await read(`${kernel}.rsyslog-RSYSLOG_${template}.log`)), template).toEqual(device);
    }
  });

  it.each(KERNELS)('%s: imkmsg lets one forgery of user space through, and nothing else differs', async (kernel) => {
    const device = events(await read(`${kernel}.kmsg.raw`));
    const imkmsg = events(await read(`${kernel}.rsyslog-imkmsg-RSYSLOG_TraditionalFileFormat.log`));
    expect(imkmsg.filter((line) => !device.includes(line))).toEqual([
      expect.stringMatching(/^srcroute_events_total\{event="icmpv6_no_reply",family="ipv6",origin="external"\} \d+$/),
      'srcroute_source_events_total{event="icmpv6_no_reply",source_ip="2001:db8::bad"} 1',
    ]);
  });

  it.each(KERNELS)('%s: forgeries on the device count as userspace, and as nothing else', async (kernel) => {
    const text = await read(`${kernel}.kmsg.raw`);
    expect(text).toMatch(/^srcroute_log_rejected_records_total\{input="[^"]*",reason="userspace"\} 2$/m);
    expect(text).not.toContain('2001:db8::bad"');
    expect(text).not.toContain('192.0.2.66');
  });
});
