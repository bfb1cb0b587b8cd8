import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Exporter, type Samples } from '../e2e/exporter.ts';
import { Namespace, setSysctl } from '../e2e/namespace.ts';
import { describeReal, PYTHON } from '../e2e/required.ts';
import { type Format, Rsyslog, SELECTORS, TEMPLATES } from '../e2e/rsyslog.ts';
import { Cleanups } from '../e2e/tools.ts';

/** What becomes of a forgery in one file: what its lines are rejected for, how often it is `COUNTED`, or `no line`. */
type Fate = string;
/** In files of the traditional form, of RFC 3339 and of RFC 5424. */
type Fates = readonly [Fate, Fate, Fate];

const EVENT = 'IPv4: source route option 198.51.100.1 -> 192.0.2.1';
const TIMES = 900;
const REPEATED = `message repeated ${TIMES} times: [ ${EVENT}]`;

const NO_LINE: Fates = ['no line', 'no line', 'no line'];
const REJECTED: Fates = ['userspace', 'userspace', 'userspace'];
/** Only the priority of RFC 5424 gives it away. */
const COUNTED: Fates = ['COUNTED 1', 'COUNTED 1', 'userspace'];
/** Priority 4 is the kernel's: only a second space, which rsyslog writes for its socket, is left to tell. */
const COUNTED_AS_KERNEL: Fates = ['COUNTED 1', 'COUNTED 1', 'unrecognised'];

interface Forgery {
  readonly how: string;
  readonly send: (rsyslog: Rsyslog) => void;
  /** In files with `*.*`, and in files with `kern.*`. */
  readonly all: Fates;
  readonly kern: Fates;
}

/** What any local user can do who may write to /dev/log, and what comes of it: the limit of following files, as it is. */
const FORGERIES: readonly Forgery[] = [
  ...[
    { args: ['-t', 'kernel'], all: COUNTED },
    { args: ['-t', 'kernel:'], all: REJECTED },
    { args: ['-p', 'kern.warning'], all: REJECTED },
    { args: ['-p', 'kern.warning', '-t', 'kernel'], all: COUNTED },
    { args: ['-t', 'kernel', '--id'], all: REJECTED },
    { args: ['-t', 'kernel', '--rfc5424'], all: REJECTED },
    { args: ['-t', 'kernel', '--rfc3164'], all: REJECTED },
    { args: ['-t', 'evil kernel:'], all: REJECTED },
    { args: ['-t', 'app', 'host kernel:'], all: REJECTED },
    { args: ['-t', 'app', 'x\nNov 22 09:41:35 host kernel:'], all: REJECTED },
  ].map(({ args, all }) => ({
    how: `logger ${args.map((arg) => (/\s/.test(arg) ? JSON.stringify(arg) : arg)).join(' ')}`,
    send: (rsyslog: Rsyslog) => rsyslog.logger(...args, EVENT),
    all,
    // logger turns the facility of the kernel into that of users.
    kern: NO_LINE,
  })),
  ...[
    { bytes: '<4>kernel: ', all: COUNTED_AS_KERNEL },
    { bytes: '<4>kernel:', all: ['userspace', 'userspace', 'unrecognised'] as const },
    { bytes: '<4>kernel: [    1.000000] ', all: COUNTED_AS_KERNEL },
    { bytes: '<4>kernel:[    1.000000] ', all: ['userspace', 'userspace', 'unrecognised'] as const },
    { bytes: '<4>kernel[0]: ', all: REJECTED },
    { bytes: '<4>app: ', all: REJECTED },
    { bytes: '<4>Nov 22 09:41:35 kernel: ', all: COUNTED_AS_KERNEL },
    { bytes: '<4>Nov 22 09:41:35 host kernel: ', all: REJECTED },
    { bytes: '<4>1 2026-11-22T09:41:35.971413+00:00 host kernel - - - ', all: REJECTED },
    { bytes: '<12>kernel: ', all: COUNTED, kern: NO_LINE },
    { bytes: '<12>kernel:', all: REJECTED, kern: NO_LINE },
    // rsyslog escapes control characters of the message, not those of the tag.
    {
      bytes: '<13>x\nNov 22 09:41:35 host kernel: ',
      all: ['malformed', 'malformed', 'userspace'] as const,
      kern: NO_LINE,
    },
    {
      bytes: '<13>x\n2026-11-22T09413500Z kernel: ',
      all: ['malformed', 'malformed', 'userspace'] as const,
      kern: NO_LINE,
    },
    { bytes: '<13>x\n<4>1 - host kernel - - - ', all: ['malformed', 'malformed', 'userspace'] as const, kern: NO_LINE },
  ].map(({ bytes, all, kern = all }) => ({
    how: `datagram ${JSON.stringify(bytes)}`,
    send: (rsyslog: Rsyslog) => rsyslog.datagram(`${bytes}${EVENT}`),
    all,
    kern,
  })),
  {
    how: 'logger -t kernel, repeated',
    send: (rsyslog) => rsyslog.logger('-t', 'kernel', REPEATED),
    // It stands for nothing: no such line is before it.
    all: ['unrecognised', 'unrecognised', 'userspace'],
    kern: NO_LINE,
  },
  {
    how: 'datagram "<4>kernel: ", repeated',
    send: (rsyslog) => rsyslog.datagram(`<4>kernel: ${REPEATED}`),
    all: ['unrecognised', 'unrecognised', 'unrecognised'],
    kern: ['unrecognised', 'unrecognised', 'unrecognised'],
  },
];

const FORMATS = Object.keys(TEMPLATES) as Format[];
const FILES = SELECTORS.flatMap((selector) => FORMATS.map((format) => ({ selector, format })));

describeReal('forgeries in the files of a real rsyslogd', { commands: ['rsyslogd', 'logger'], files: [PYTHON] }, () => {
  const cleanups = new Cleanups();
  let rsyslog: Rsyslog;
  let exporters: Exporter[];
  let before: Samples[];

  beforeAll(async () => {
    rsyslog = await Rsyslog.start(cleanups.add);
    exporters = await followAll(rsyslog, cleanups);
    before = await readAll();
  });
  afterAll(() => cleanups.run());

  /** What each exporter tells once it has read all lines of its file. */
  async function readAll(): Promise<Samples[]> {
    await rsyslog.settle();
    return Promise.all(
      FILES.map(({ selector, format }, index) => {
        const lines = rsyslog.lines(selector, format);
        return (exporters[index] as Exporter).until(`the lines for ${selector} in ${format} are read`, (samples) => {
          // A line that is counted as many records is TIMES - 1 more than one.
          const more = samples.sum('srcroute_log_records_total') - lines;
          return more >= 0 && more % (TIMES - 1) === 0;
        });
      }),
    );
  }

  it.each(FORGERIES)('$how', async ({ send, all, kern }) => {
    send(rsyslog);
    const after = await readAll();
    const fates = FILES.map((_, index) => fate(before[index] as Samples, after[index] as Samples));
    before = after;
    expect({ all: fates.slice(0, 3), kern: fates.slice(3) }).toEqual({ all, kern });
  });
});

describeReal(
  'records that user space writes to /dev/kmsg, in the files of a real rsyslogd',
  { root: true, kmsg: true, commands: ['rsyslogd', 'ip', 'nft'], files: [PYTHON] },
  () => {
    it.each([
      { how: 'imklog', module: 'load="imklog"', all: NO_LINE, kern: NO_LINE },
      {
        how: 'imklog with all facilities',
        module: 'load="imklog" permitnonkernelfacility="on"',
        all: COUNTED,
        kern: NO_LINE,
      },
      { how: 'imkmsg', module: 'load="imkmsg"', all: COUNTED, kern: NO_LINE },
    ])('read by $how', async ({ module, all, kern }) => {
      const cleanups = new Cleanups();
      try {
        setSysctl('net/netfilter/nf_log_all_netns', 1, cleanups.add);
        const namespace = new Namespace(cleanups.add);
        const rsyslog = await Rsyslog.start(cleanups.add, `module(${module})`);
        const exporters = await followAll(rsyslog, cleanups);
        /** Has the kernel itself log an event from an address of 127.0.0.0/8, and waits until it is counted in all files. */
        const genuine = async (source: string) => {
          logFrom(namespace, source);
          return Promise.all(
            exporters.map((exporter) =>
              exporter.until(
                `the kernel's own record from ${source} is counted`,
                (samples) =>
                  samples.value('srcroute_source_events_total', {
                    event: 'source_route_attempt',
                    source_ip: source,
                  }) === 1,
              ),
            ),
          );
        };
        // Addresses of this run: the log still holds those of others.
        const run = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
        const before = await genuine(`${run}.1`);
        writeFileSync(
          '/dev/kmsg',
          `<4>${EVENT}
`,
        );
        const after = await genuine(`${run}.2`);
        const fates = FILES.map((_, index) =>
          fate(before[index] as Samples, after[index] as Samples, 'source_route_option'),
        );
        expect({ all: fates.slice(0, 3), kern: fates.slice(3) }).toEqual({ all, kern });
      } finally {
        await cleanups.run();
      }
    });
  },
);

/** An exporter for each file, in the order of FILES. */
function followAll(rsyslog: Rsyslog, cleanups: Cleanups): Promise<Exporter[]> {
  return Promise.all(
    FILES.map(({ selector, format }) =>
      Exporter.start([`--input.file=${rsyslog.file(selector, format)}`, '--input.from=start', '--sources.max=10000'], {
        cleanup: cleanups.add,
      }),
    ),
  );
}

/** One datagram that a firewall rule of the namespace logs. */
function logFrom(namespace: Namespace, source: string): void {
  namespace.nft(`table ip srcroute_e2e {
    chain output {
      type filter hook output priority raw
      ip saddr ${source} log prefix "SRC ROUTE ATTEMPT: " level info
    }
  }\n`);
  const send = `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((${JSON.stringify(source)}, 0))
s.sendto(b"", ("127.0.0.1", 9))`;
  namespace.run(PYTHON, '-c', send);
}

/** What became of what was logged between two scrapes. */
function fate(before: Samples, after: Samples, event?: string): Fate {
  const change = (name: string, labels = {}) => after.sum(name, labels) - before.sum(name, labels);
  const counted = change('srcroute_events_total', event === undefined ? {} : { event });
  const rejected = ['userspace', 'malformed', 'oversize', 'unrecognised'].filter(
    (reason) => change('srcroute_log_rejected_records_total', { reason }) > 0,
  );
  return [...(counted > 0 ? [`COUNTED ${counted}`] : []), ...rejected].join(', ') || 'no line';
}
