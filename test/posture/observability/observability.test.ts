import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Observability,
  type ObservabilityOptions,
  readObservability,
} from '../../../src/posture/observability/observability.ts';
import { type Entry, makeRoot, writeConf, writeGlobals } from '../make-proc.ts';
import { controlText } from './control-text.ts';

interface Host {
  /** In procfs, in debugfs, or a directory in the file's place. */
  control?: { procfs?: string; debugfs?: string };
  release?: string;
  martians?: Record<string, Entry>;
  accepts?: Record<string, Entry>;
}

const QUIET = { all: 0, default: 0, lo: 0, eth0: 0 };
const LOGGING = { ...QUIET, all: 1 };

function read(host: Host, options: Partial<ObservabilityOptions> = {}): Observability {
  const { control = {}, release, martians = LOGGING, accepts = QUIET } = host;
  const root = makeRoot();
  const write = (directory: string, content: string | undefined) => {
    if (content === undefined) return;
    mkdirSync(`${directory}/dynamic_debug/${content === 'DIRECTORY' ? 'control' : ''}`, { recursive: true });
    if (content !== 'DIRECTORY') writeFileSync(`${directory}/dynamic_debug/control`, content);
  };
  write(root, control.procfs);
  write(`${root}/sysfs/kernel/debug`, control.debugfs);
  if (release !== undefined) writeGlobals(root, { 'kernel/osrelease': `${release}\n` });
  writeConf(root, 'ipv4', Object.entries(martians), 'log_martians');
  writeConf(root, 'ipv4', Object.entries(accepts), 'accept_source_route');
  return readObservability({
    procfs: root,
    sysfs: `${root}/sysfs`,
    logReadable: true,
    hostNetworkNamespace: 1,
    ...options,
  });
}

const told = ({ events }: Observability) =>
  Object.fromEntries(
    events.map(({ event, observable, reasons }) => [event, [observable ?? '?', ...reasons].join(' ')]),
  );

describe('the two messages of dynamic debug', () => {
  const absent = { icmpv6_no_reply: '0 dynamic_debug_absent', source_route_failed: '0 dynamic_debug_absent' };
  const off = { icmpv6_no_reply: '0 dynamic_debug_off', source_route_failed: '0 dynamic_debug_off' };
  const on = { icmpv6_no_reply: '1', source_route_failed: '1' };
  const unknown = { icmpv6_no_reply: '?', source_route_failed: '?' };
  const decorated = controlText('6.1', 'on').replaceAll('=p', '=pmflt');
  const withoutIpv6 = controlText('6.1', 'off').replace(/^net\/ipv6.*\n/gm, '');

  it.each<[string, Host, object]>([
    ['off', { control: { procfs: controlText('6.1', 'off') }, release: '6.1.0-56-amd64' }, off],
    ['on', { control: { procfs: controlText('5.10', 'on') }, release: '5.10.0-32-amd64' }, on],
    ['on with decorations', { control: { procfs: decorated }, release: '6.1.0' }, on],
    ['in debugfs', { control: { debugfs: controlText('5.10', 'on') }, release: '4.19.0' }, on],
    [
      'in both, where procfs is asked first',
      { control: { procfs: controlText('6.1', 'off'), debugfs: controlText('6.1', 'on') }, release: '6.1.0' },
      off,
    ],
    ['without the feature', { release: '6.18.44' }, absent],
    ['in an old kernel', { release: '3.16.0-4-amd64' }, on],
    ['between, with debugfs and no file', { control: { debugfs: '' }, release: '4.19.0' }, absent],
    ['between, without debugfs', { release: '4.19.0' }, unknown],
    ['without a release', {}, unknown],
    ['unreadable', { control: { procfs: 'DIRECTORY' }, release: '6.1.0' }, unknown],
    [
      'unreadable in procfs and not in debugfs',
      { control: { procfs: 'DIRECTORY', debugfs: controlText('6.1', 'on') }, release: '6.1.0' },
      on,
    ],
    ['unreadable in debugfs', { control: { debugfs: 'DIRECTORY' }, release: '4.19.0' }, unknown],
    [
      'while IPv6 is not loaded',
      { control: { procfs: withoutIpv6 }, release: '6.1.0' },
      { icmpv6_no_reply: '0 dynamic_debug_absent', source_route_failed: '0 dynamic_debug_off' },
    ],
  ])('are told %s', (_what, host, expected) => {
    const observability = read(host);
    expect(observability.success).toBe(true);
    expect(told(observability)).toMatchObject(expected);
  });

  it('are silenced by net.core.warnings in an old kernel', () => {
    const root = makeRoot();
    writeConf(root, 'ipv4', Object.entries(QUIET));
    writeGlobals(root, { 'kernel/osrelease': '3.16.0\n', 'net/core/warnings': 0 });
    const observability = readObservability({ procfs: root, sysfs: root, logReadable: true, hostNetworkNamespace: 1 });
    expect(told(observability)).toMatchObject({ icmpv6_no_reply: '0', source_route_failed: '0' });
    expect(observability.details).toMatchObject({ kernelRelease: '3.16.0', warnings: 0 });
  });

  it('are told by a control file of 600 kB, whose size procfs does not say', () => {
    const line = 'drivers/net/ethernet/vendor/driver_main.c:1 [driver]driver_function =_ "%s: something happened\\n"\n';
    const procfs = line.repeat(6_000) + controlText('6.1', 'on') + line.repeat(50);
    expect(told(read({ control: { procfs }, release: '6.1.0' }))).toMatchObject(on);
    // The buffer is the same one: what an earlier file left in it is not read.
    expect(told(read({ control: { procfs: line }, release: '6.1.0' }))).toMatchObject(absent);
  });

  it('names what it was told by', () => {
    const { details } = read({ control: { procfs: controlText('6.1', 'off') }, release: '6.1.0-56-amd64' });
    expect(details.kernelRelease).toBe('6.1.0-56-amd64');
    expect(details.control).toEqual({
      path: expect.stringMatching(/\/dynamic_debug\/control$/),
      flags: { icmpv6_no_reply: '_', source_route_failed: '_' },
    });
  });
});

describe('an IPv4 packet with a source route', () => {
  const event = (host: Host, options?: Partial<ObservabilityOptions>) => told(read(host, options)).source_route_option;

  it.each<[string, Record<string, Entry>, Record<string, Entry>, string]>([
    ['logged by all', LOGGING, QUIET, '1'],
    ['logged by every interface', { ...QUIET, eth0: 1 }, QUIET, '1'],
    ['logged by all, read from nothing else', { all: 2, default: 0, lo: 0, eth0: 'DIRECTORY' }, QUIET, '1'],
    ['not logged', QUIET, QUIET, '0 log_martians_off'],
    ['not logged by one', { ...QUIET, eth0: 1, eth1: 0 }, QUIET, '0 log_martians_off'],
    ['not logged by lo, which is no matter', { ...QUIET, eth0: 1, lo: 0 }, QUIET, '1'],
    ['accepted', LOGGING, { ...QUIET, all: 1, eth0: 1 }, '0 packets_accepted'],
    ['accepted by lo', LOGGING, { ...QUIET, all: 1, lo: 1 }, '0 packets_accepted'],
    ['refused by all', LOGGING, { ...QUIET, lo: 1, eth0: 1 }, '1'],
    ['refused by every interface', LOGGING, { ...QUIET, all: 1 }, '1'],
    ['accepted and not logged', QUIET, { ...QUIET, all: 1, eth0: 1 }, '0 log_martians_off packets_accepted'],
    ['unreadable', { ...QUIET, eth0: 'DIRECTORY' }, QUIET, '?'],
    ['unreadable for all', { ...LOGGING, all: 'DIRECTORY', eth0: 1 }, QUIET, '?'],
    ['unreadable where it matters', LOGGING, { ...QUIET, all: 1, eth0: 'DIRECTORY' }, '?'],
    ['unreadable, but one is enough', { ...QUIET, eth0: 'DIRECTORY', eth1: 0 }, QUIET, '0 log_martians_off'],
    ['logged by those that are still there', { ...QUIET, eth0: 1, veth0: 'VANISHED' }, QUIET, '1'],
  ])('is %s', (_what, martians, accepts, expected) => {
    expect(event({ martians, accepts })).toBe(expected);
  });

  it('is not told in a foreign namespace', () => {
    const options = { hostNetworkNamespace: 0 } as const;
    expect(event({ martians: QUIET }, options)).toBe('? foreign_network_namespace');
    expect(read({ martians: QUIET }, options)).toMatchObject({ success: true, details: { packets: undefined } });
    expect(event({ martians: QUIET }, { hostNetworkNamespace: undefined })).toBe('0 log_martians_off');
  });

  it('is not told without an IPv4 tree, which is an error', () => {
    const root = makeRoot();
    const options = { procfs: root, sysfs: root, logReadable: true, hostNetworkNamespace: 1 } as const;
    const observability = readObservability(options);
    expect(observability).toMatchObject({ success: false, error: `Cannot list "${root}/sys/net/ipv4/conf": ENOENT` });
    expect(told(observability).source_route_option).toBe('?');

    mkdirSync(`${root}/sys/net/ipv4/conf`, { recursive: true });
    expect(readObservability(options)).toMatchObject({
      success: false,
      error: expect.stringMatching(/^Cannot find "all"/),
    });
  });

  it('names the interfaces, but not a thousand', () => {
    const veths = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`veth${index + 10}`, 0]));
    const { packets } = read({ martians: { ...QUIET, ...veths }, accepts: { ...QUIET, all: 1, lo: 1 } }).details;
    expect(packets?.martiansOff.count).toBe(31);
    expect(packets?.martiansOff.labels).toHaveLength(20);
    expect(packets?.martiansOff.labels.slice(0, 2)).toEqual(['eth0', 'veth10']);
    expect(packets?.accepting).toEqual({ count: 1, labels: ['lo'] });
  });
});

describe('all four events', () => {
  const host: Host = { control: { procfs: controlText('6.1', 'on') }, release: '6.1.0' };

  it('are told, and a firewall rule never is', () => {
    expect(told(read(host))).toEqual({
      icmpv6_no_reply: '1',
      source_route_failed: '1',
      source_route_option: '1',
      source_route_attempt: '?',
    });
  });

  it('are not seen in a log that cannot be read, which changes nothing about the kernel', () => {
    expect(told(read(host, { logReadable: false }))).toEqual({
      icmpv6_no_reply: '1 log_unreadable',
      source_route_failed: '1 log_unreadable',
      source_route_option: '1 log_unreadable',
      source_route_attempt: '? log_unreadable',
    });
  });

  it('are told with a control file that was read before', () => {
    const control = { path: undefined, procfs: 'absent', debugfs: 'absent' } as const;
    expect(told(read(host, { control }))).toMatchObject({ icmpv6_no_reply: '0 dynamic_debug_absent' });
  });

  it('can be told of this machine', () => {
    const here = readObservability({ procfs: '/proc', sysfs: '/sys', logReadable: true, hostNetworkNamespace: 1 });
    expect(here.success).toBe(true);
    expect(here.details.kernelRelease).toMatch(/^\d+\.\d+/);
    expect(here.events.map(({ event }) => event)).toHaveLength(4);
  });
});
