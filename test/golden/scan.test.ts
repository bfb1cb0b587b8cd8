import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventsOf, runScan, scanJson } from '../scan/run-scan.ts';
import { exposition, ours } from './exposition.ts';

const KERNEL = 'test/fixtures/kernel';
const SCAN = 'test/fixtures/scan';
const KERNELS = ['5.10.0-32-amd64', '6.1.0-56-amd64'];
const ALL = [
  ...readdirSync(KERNEL)
    .filter((name) => /\.kmsg\.raw$|\.rsyslog-|dmesg/.test(name))
    .map((name) => `${KERNEL}/${name}`),
  ...readdirSync(SCAN)
    .filter((name) => name !== 'README.md')
    .map((name) => `${SCAN}/${name}`),
];

describe('genuine kernel output, scanned', () => {
  it.each(ALL)('%s gives the golden report', async (path) => {
    const { code, stdout, stderr } = await runScan(['--top=3', path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expect(stdout).toMatchFileSnapshot(`scan/${path.split('/').at(-1)}.txt`);
  });

  it('gives the golden JSON', async () => {
    const { stdout } = await runScan(['--format=json', '--top=3', `${SCAN}/5.10.0-32-amd64.dmesg-x.txt`]);
    await expect(stdout).toMatchFileSnapshot('scan/5.10.0-32-amd64.dmesg-x.json');
  });

  it.each(KERNELS)(
    '%s: forms that tell the facility, and templates of imklog, give what the device gives',
    async (kernel) => {
      const device = await eventsOf(`${KERNEL}/${kernel}.kmsg.raw`);
      expect(device.map(({ total }) => total).every((total) => total > 0)).toBe(true);
      for (const form of ['RSYSLOG_TraditionalFileFormat', 'RSYSLOG_FileFormat', 'RSYSLOG_SyslogProtocol23Format']) {
        expect(await eventsOf(`${KERNEL}/${kernel}.rsyslog-${form}.log`), form).toEqual(device);
      }
      expect(await eventsOf(`${SCAN}/${kernel}.dmesg-x.txt`), 'dmesg -x').toEqual(device);
    },
  );

  it.each(['short', 'short-iso', 'short-precise', 'json'])(
    'journalctl -o %s gives what the device gives',
    async (form) => {
      const device = await eventsOf(`${KERNEL}/5.10.0-32-amd64.kmsg.raw`);
      expect(await eventsOf(`${SCAN}/5.10.0-32-amd64.journalctl-${form}.txt`)).toEqual(device);
    },
  );

  it.each(
    KERNELS.flatMap((kernel) => ['dmesg', 'dmesg-T', 'dmesg-iso', 'dmesg-raw'].map((form) => [kernel, form] as const)),
  )('%s %s: without a facility one forgery of user space counts, and nothing else differs', async (kernel, form) => {
    const device = await eventsOf(`${KERNEL}/${kernel}.kmsg.raw`);
    const events = await eventsOf(`${SCAN}/${kernel}.${form}.txt`);
    const [first, ...others] = events;
    const [firstOfDevice, ...othersOfDevice] = device;
    expect(others).toEqual(othersOfDevice);
    expect(first?.total).toBe((firstOfDevice?.total ?? 0) + 1);
    const known = firstOfDevice?.sources.top.map(({ source_ip }) => source_ip);
    expect(first?.sources.top.filter(({ source_ip }) => !known?.includes(source_ip))).toEqual([
      expect.objectContaining({ source_ip: '2001:db8::bad', count: 1 }),
    ]);
  });

  it('busybox and util-linux give what the device gives, where nobody forged', async () => {
    const device = await eventsOf(`${SCAN}/6.18.busybox.kmsg.raw`);
    expect(await eventsOf(`${SCAN}/6.18.busybox-dmesg.txt`)).toEqual(device);
    expect(await eventsOf(`${SCAN}/6.18.busybox-dmesg-r.txt`)).toEqual(device);
    expect(await eventsOf(`${SCAN}/6.18.host-netns.dmesg.txt`)).toEqual(
      await eventsOf(`${KERNEL}/6.18.host-netns.kmsg.raw`),
    );
  });

  it('takes all of them at once, and adds up', async () => {
    const sums = await Promise.all(ALL.map(async (path) => (await scanJson(path)).events));
    const together = (await scanJson(...ALL)).events;
    for (const [kind, event] of together.entries()) {
      expect(event.total).toBe(sums.reduce((sum, events) => sum + events[kind].total, 0));
    }
  });
});

/** What belongs to a host or to a process that runs, and not to a log. */
const NOT_OF_A_LOG =
  /^srcroute_(?:sysctl_|host_|collector_|config_|state_|event_observable|event_blind|boot_|exporter_build)/;

/** The clock of the served expositions. */
const SERVED_AT = Date.parse('2026-11-23T12:00:00Z');

/** The series of logs and events. */
function comparable(text: string): string[] {
  return ours(text)
    .split('\n')
    .filter((line) => !line.startsWith('#') && line !== '' && !NOT_OF_A_LOG.test(line))
    .sort();
}

describe('scan --format=prometheus', () => {
  const logs = ALL.filter((path) => path.startsWith(KERNEL) && !path.includes('dmesg'));

  it.each(logs)('%s: agrees with serve to the last digit', async (path) => {
    const flag = path.endsWith('.kmsg.raw') ? '--input.kmsg' : '--input.file';
    const served = comparable(await exposition(`${flag}=${path}`));
    const { stdout } = await runScan(['--format=prometheus', '--path.procfs=test/fixtures/host/proc', path], {
      now: () => SERVED_AT,
    });
    expect(comparable(stdout)).toEqual(served);
    expect(served.filter((line) => !line.endsWith(' 0')).length).toBeGreaterThan(20);
  });
});
