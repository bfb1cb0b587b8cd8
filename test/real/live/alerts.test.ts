import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Exporter } from '../../e2e/exporter.ts';
import { Monitoring } from '../../e2e/live/monitoring.ts';
import { Namespace, setSysctl } from '../../e2e/namespace.ts';
import { describeReal, OTHER_USER, PYTHON } from '../../e2e/required.ts';
import { Cleanups, makeDirectory } from '../../e2e/tools.ts';
import { until } from '../../e2e/until.ts';

const SEND_PACKETS = fileURLToPath(new URL('../../e2e/send-packets.py', import.meta.url));
const BOX = '192.0.2.1';
/** The exporter that is watched through all of it, and one that may not read. */
const WATCHED = '127.0.0.1:10131';
const POWERLESS = '127.0.0.1:10132';
/** An alert may take its `for`, a window and a grouping, a 60th each. */
const LIMIT_MS = 60_000;
const TEST_MS = 4 * LIMIT_MS;

describeReal(
  'from the kernel to the pager, with every duration divided by 60',
  {
    root: true,
    kmsg: true,
    scapy: true,
    otherUser: true,
    commands: ['ip', 'curl', 'prometheus', 'prometheus-alertmanager'],
  },
  () => {
    const cleanups = new Cleanups();
    let box: Namespace;
    let peer: Namespace;
    let mac: string;
    let monitoring: Monitoring;
    let exporter: Exporter;
    let flags: string[];

    beforeAll(async () => {
      setSysctl('net/core/message_cost', 0, cleanups.add);
      box = new Namespace(cleanups.add);
      peer = new Namespace(cleanups.add);
      box.run('ip', 'link', 'add', 'e0', 'type', 'veth', 'peer', 'name', 'e0', 'netns', peer.name);
      box.run('ip', 'address', 'add', `${BOX}/24`, 'dev', 'e0');
      box.sysctl('net/ipv4/conf/all/log_martians', 1);
      for (const name of ['all', 'default', 'e0', 'lo']) {
        box.sysctl(`net/ipv4/conf/${name}/accept_source_route`, 0);
        box.sysctl(`net/ipv4/conf/${name}/rp_filter`, 0);
      }
      box.run('ip', 'link', 'set', 'e0', 'up');
      peer.run('ip', 'link', 'set', 'e0', 'up');
      mac = JSON.parse(box.run('ip', '-json', 'link', 'show', 'e0'))[0].address;
      flags = [`--state.file=${join(makeDirectory(cleanups.add), 'state.json')}`];
      exporter = await startExporter();
      monitoring = await Monitoring.start(box, [WATCHED, POWERLESS], cleanups.add);
    });
    afterAll(() => cleanups.run());

    const startExporter = () => Exporter.start(flags, { prefix: box.prefix, listen: WATCHED, cleanup: cleanups.add });
    const send = (source: string, count = 1) =>
      peer.runBeside(PYTHON, [SEND_PACKETS, 'e0', mac, JSON.stringify([['lsrr', source, BOX, count]])]);
    const accept = (value: 0 | 1) => {
      for (const name of ['all', 'e0']) box.sysctl(`net/ipv4/conf/${name}/accept_source_route`, value);
    };
    const isFiring = async (name: string, instance = WATCHED) =>
      (await monitoring.alerts(name, instance)).some(({ state }) => state === 'firing');
    const untilFiring = (name: string) => until(`${name} fires`, () => isFiring(name), LIMIT_MS);
    const untilQuiet = (name: string) => until(`${name} is over`, async () => !(await isFiring(name)), LIMIT_MS);
    const untilNotified = (name: string, status: 'firing' | 'resolved', instance = WATCHED, after = 0) =>
      until(
        `${name} is told as ${status}`,
        () =>
          monitoring
            .of(name, status)
            .slice(after)
            .find(({ labels }) => labels.instance === instance),
        LIMIT_MS,
      );

    it(
      'the watchdog arrives, again and again',
      async () => {
        await until('it came three times', () => monitoring.of('Watchdog', 'firing').length >= 3, LIMIT_MS);
        expect(new Set(monitoring.of('Watchdog', 'firing').map(({ path }) => path))).toEqual(new Set(['/alive']));
      },
      TEST_MS,
    );

    it(
      'an exporter without the right to read the log is a ticket, and resolved when it has it',
      async () => {
        const start = (prefix: readonly string[]) =>
          Exporter.start([], { prefix: [...box.prefix, ...prefix], listen: POWERLESS, cleanup: cleanups.add });
        const powerless = await start(OTHER_USER);
        const ticket = await untilNotified('LogReaderDown', 'firing', POWERLESS);
        expect(ticket.path).toBe('/ticket');
        expect(ticket.description).toContain(`${POWERLESS} cannot read /dev/kmsg`);
        await powerless.kill();
        await start([]);
        await untilNotified('LogReaderDown', 'resolved', POWERLESS);
      },
      TEST_MS,
    );

    it(
      'a sysctl that accepts is a page, and resolved when it is back',
      async () => {
        accept(1);
        const page = await untilNotified('Accepted', 'firing');
        expect(page.path).toBe('/page');
        expect(page.description).toContain('1 of its interfaces (e0)');
        accept(0);
        await untilNotified('Accepted', 'resolved');
      },
      TEST_MS,
    );

    it(
      'the first packet ever, from a sender never seen, is known by its name, and calls nobody',
      async () => {
        expect(await isFiring('Attempts')).toBe(false);
        await send('198.51.100.20');
        await untilFiring('Attempts');
        const [alert] = await monitoring.alerts('Attempts', WATCHED);
        expect(alert?.annotations.description).toContain('198.51.100.20 (1)');
        expect(alert?.labels).not.toHaveProperty('source_ip');
      },
      TEST_MS,
    );

    it(
      'accepting while somebody probes is another page, which mutes the first',
      async () => {
        const before = monitoring.of('Accepted', 'firing').length;
        accept(1);
        const page = await untilNotified('AcceptedUnderProbe', 'firing');
        expect(page.path).toBe('/page');
        expect(page.description).toContain('198.51.100.20 (1)');
        await untilFiring('Accepted');
        await until('Accepted is muted', () => monitoring.isMuted('Accepted'), LIMIT_MS);
        expect(monitoring.of('Accepted', 'firing').slice(before)).toEqual([]);
        accept(0);
        await untilNotified('AcceptedUnderProbe', 'resolved');
      },
      TEST_MS,
    );

    it(
      'events in an outage longer than the window are told when it is over',
      async () => {
        await untilQuiet('Attempts');
        await exporter.kill();
        await send('198.51.100.21', 3);
        const ticket = await untilNotified('ExporterDown', 'firing');
        expect(ticket.path).toBe('/ticket');
        const stopped = performance.now();
        await until('the window of 10 s is over', () => performance.now() - stopped > 12_000, LIMIT_MS);
        exporter = await startExporter();
        await untilFiring('Attempts');
        const [alert] = await monitoring.alerts('Attempts', WATCHED);
        expect(alert?.annotations.description).toContain('198.51.100.21 (3)');
        await untilNotified('ExporterDown', 'resolved');
      },
      TEST_MS,
    );

    it(
      'records that the ring has overwritten are a ticket',
      async () => {
        const { newest } = sequences();
        process.kill(exporter.pid, 'SIGSTOP');
        do await send('198.51.100.22', 1_000);
        while (sequences().oldest <= newest + 1_000);
        process.kill(exporter.pid, 'SIGCONT');
        const ticket = await untilNotified('LogRecordsLost', 'firing');
        expect(ticket.path).toBe('/ticket');
      },
      TEST_MS,
    );
  },
);

/** The sequence numbers of the oldest and the newest record that the kernel holds. */
function sequences(): { oldest: number; newest: number } {
  const descriptor = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(16_384);
  let oldest = -1;
  let newest = -1;
  try {
    for (;;) {
      newest = Number(buffer.toString('latin1', 0, readSync(descriptor, buffer)).split(',', 2)[1]);
      if (oldest < 0) oldest = newest;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  } finally {
    closeSync(descriptor);
  }
  return { oldest, newest };
}
