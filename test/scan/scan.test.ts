import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/commands/flags/flags.ts';
import { runScan, scanJson } from './run-scan.ts';

const OPTION = 'IPv4: source route option 198.51.100.20 -> 192.0.2.1';
const event = (host = 'host') => `Nov 22 09:41:35 ${host} kernel: ${OPTION}\n`;
const ORDINARY = 'Nov 22 09:41:35 host kernel: eth0: renamed from veth1\n';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'srcroute-scan-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content, 'latin1');
  return path;
}

async function totalOf(...paths: string[]): Promise<number> {
  const { events } = await scanJson(...paths);
  return events.reduce((sum: number, { total }: { total: number }) => sum + total, 0);
}

describe('scan', () => {
  it.each([
    [[], 'Nothing to scan: name the logs, or - for standard input; see --help'],
    [['-', '-'], 'Standard input (-) can be scanned once only; see --help'],
    [['--format=xml', 'x'], '--format: Cannot use "xml": expected table or json or prometheus'],
    [['--top=-1', 'x'], '--top: Cannot use "-1": expected a whole number from 0 to 10000'],
    [['--explain', '--format=json', 'x'], '--explain: goes with --format=table only'],
    [[''], 'Cannot scan "": expected a path; see --help'],
    [['--sources.known=x', 'x'], /^--sources.known: /],
  ] as const)('refuses %j', async (argv, message) => {
    await expect(runScan(argv)).rejects.toThrow(UsageError);
    await expect(runScan(argv)).rejects.toThrow(message);
  });

  it('reads gzip of several members, whatever its name', async () => {
    const members = Buffer.concat([zlib.gzipSync(event()), zlib.gzipSync(ORDINARY + event()), zlib.gzipSync(event())]);
    expect(await totalOf(file('kern.log.2.gz', members))).toBe(3);
    expect(await totalOf(file('no-suffix', members))).toBe(3);
  });

  it('tells of gzip that is cut off, and reports what was there', async () => {
    const whole = zlib.gzipSync(Array.from({ length: 20_000 }, (_, n) => event(`host${n % 97}`)).join(''));
    const path = file('cut.gz', whole.subarray(0, whole.length - 100));
    const { code, stdout, stderr } = await runScan(['--format=json', path]);
    expect(code).toBe(1);
    expect(stderr).toBe(`srcroute-exporter: Cannot read ${path} to its end: its gzip data is cut off\n`);
    const report = JSON.parse(stdout);
    expect(report.complete).toBe(false);
    expect(report.events[2].total).toBeGreaterThan(10_000);
  });

  it('tells of gzip that is damaged', async () => {
    const whole = zlib.gzipSync(event().repeat(1000));
    whole[whole.length - 5] = (whole[whole.length - 5] ?? 0) ^ 255;
    const { code, stderr } = await runScan([file('bad.gz', whole)]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/: its gzip data is damaged \(.*\)\n$/),
    });
  });

  it('reads the others when one cannot be read, and says so in a line', async () => {
    const good = file('good.log', event());
    const missing = join(directory, 'missing.log');
    mkdirSync(join(directory, 'directory'));
    const { code, stdout, stderr } = await runScan(['--format=json', missing, join(directory, 'directory'), good]);
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      `srcroute-exporter: Cannot read ${missing}: it does not exist`,
      `srcroute-exporter: Cannot read ${directory}/directory: it is a directory`,
      '',
    ]);
    const { logs, events } = JSON.parse(stdout);
    expect(logs.map(({ error }: { error: string | null }) => error === null)).toEqual([false, false, true]);
    expect(events[2].total).toBe(1);
  });

  it('refuses what is compressed in another way, with the command that helps', async () => {
    const path = file('kern.log.xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2, 3]));
    const { code, stderr } = await runScan([path]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `srcroute-exporter: Cannot read ${path}: it is compressed with xz, which this program cannot read: use xzcat FILE | srcroute-exporter scan -\n`,
    });
  });

  it('reads zstd where Node.js has it, and refuses it elsewhere', async () => {
    const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };
    const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
    const path = file('kern.log.zst', zstdCompressSync?.(Buffer.from(event())) ?? magic);
    const { code, stdout, stderr } = await runScan(['--format=json', path]);
    const { total } = JSON.parse(stdout).events[2];
    expect({ code, total }).toEqual(zstdCompressSync === undefined ? { code: 1, total: 0 } : { code: 0, total: 1 });
    expect(stderr).toMatch(zstdCompressSync === undefined ? /compressed with zstd.*: use zstdcat FILE/ : /^$/);
  });

  it('takes a binary file for lines that are none', async () => {
    const bytes = Buffer.alloc(300_000, 'ELF\0\u00ff\n', 'latin1');
    const { code, stdout } = await runScan(['--format=json', file('binary', bytes)]);
    const { skipped_lines, records } = JSON.parse(stdout);
    expect({ code, skipped_lines, records }).toEqual({ code: 1, skipped_lines: 50_000, records: 50_000 });
  });

  it('takes an empty file for an empty log, and says that there was nothing to read', async () => {
    const { code, stdout, stderr } = await runScan([file('empty', '')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('There was nothing to read: the zeros above say nothing about this host.\n');
    expect((await runScan([file('empty', ''), file('good.log', event())])).stdout).not.toContain('nothing to read');
  });

  it('reads a file as long as it was, however it grows meanwhile', async () => {
    const path = file('growing.log', ORDINARY.repeat(200_000));
    const { code, stdout } = await runScan(['--format=json', path], {
      stderrIsTerminal: true,
      // Asked for whenever a part was read.
      monotonic: () => {
        appendFileSync(path, ORDINARY.repeat(1000));
        return 1_000;
      },
    });
    // What was appended before the file was opened counts.
    expect({ code, records: JSON.parse(stdout).records < 210_000 }).toEqual({ code: 0, records: true });
  });

  it('says when a file becomes shorter while it is read', async () => {
    const path = file('shrinking.log', ORDINARY.repeat(200_000));
    const { code, stderr } = await runScan(['--format=json', path], {
      stderrIsTerminal: true,
      monotonic: () => {
        truncateSync(path, 5_000_000);
        return 1_000;
      },
    });
    // It became shorter before it was opened, or while it was read: never an error of the program.
    expect([0, 1]).toContain(code);
    expect(stderr.split('\n').length).toBeLessThan(3);
  });

  it('reads rotated logs oldest first', async () => {
    file('kern.log', event('c'));
    file('kern.log.1', event('b'));
    file('kern.log.2.gz', zlib.gzipSync(event('a')));
    const { logs } = await scanJson(
      ...['kern.log', 'kern.log.1', 'kern.log.2.gz'].map((name) => join(directory, name)),
    );
    expect(logs.map(({ name }: { name: string }) => name.slice(directory.length + 1))).toEqual([
      'kern.log.2.gz',
      'kern.log.1',
      'kern.log',
    ]);
  });

  it('says when a file is named twice', async () => {
    const path = file('kern.log', event());
    const { code, stderr } = await runScan([path, `${directory}/./kern.log`]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `srcroute-exporter: ${directory}/./kern.log was named before: what it holds is counted twice\n`,
    });
  });

  it('reads a pipe, also one that is opened for writing later', async () => {
    const path = join(directory, 'fifo');
    execFileSync('mkfifo', [path]);
    const running = scanJson(path);
    const writer = spawnSync('sh', ['-c', `printf '%s' "$1" > "$2" &`, 'sh', event().repeat(3), path]);
    expect(writer.status).toBe(0);
    expect((await running).events[2].total).toBe(3);
  });

  it('explains each line that looks like an event', async () => {
    const path = file(
      'mixed.log',
      [
        event(),
        ORDINARY,
        `Nov 22 09:41:35 host kernel: message repeated 2 times: [ ${OPTION}]\n`,
        `Nov 22 09:41:35 host logger: ${OPTION}\n`,
        `Nov 22 09:41:35 host kernel: talk of ${OPTION} \u001b[31m\n`,
        `${OPTION}\n`,
        'Nov 22 09:41:35 host kernel: net_ratelimit: 7 callbacks suppressed\n',
        `[    1.000000] ${OPTION}\n`,
      ].join(''),
    );
    const { stdout } = await runScan(['--explain', path]);
    const explained = stdout.split('\n').filter((line) => line.startsWith(`${path}:`));
    const unsure = 'form dmesg; user space cannot be told apart';
    expect(explained.map((line) => line.slice(path.length + 1))).toEqual([
      '1: source_route_option: 198.51.100.20 -> 192.0.2.1 (form syslog-rfc3164)',
      '3: refused, unrecognised: it has the words of an event, not the whole form (form syslog-rfc3164)',
      '4: refused, userspace: its tag is not "kernel:", or its priority is not of facility 0 (form syslog-rfc3164)',
      '5: refused, unrecognised: it has the words of an event, not the whole form (form syslog-rfc3164)',
      '6: skipped: the line has none of the forms of a log',
      '7: suppressed: 7 messages that the kernel did not print (form syslog-rfc3164)',
      `8: source_route_option: 198.51.100.20 -> 192.0.2.1 (${unsure})`,
    ]);
    expect(stdout).not.toContain('\u001b[31m');
  });

  it('knows addresses of the own host only when it is told where procfs is', async () => {
    const path = file('kern.log', event());
    const local = async (...flags: string[]) => {
      const { stdout } = await runScan(['--format=prometheus', ...flags, path]);
      return /^srcroute_events_total\{event="source_route_option",family="ipv4",origin="local"\} (\d+)$/m.exec(
        stdout,
      )?.[1];
    };
    expect(await local()).toBe('0');
    mkdirSync(join(directory, 'proc/net'), { recursive: true });
    writeFileSync(
      join(directory, 'proc/net/fib_trie'),
      'Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 198.51.100.20\n        /32 host LOCAL\n',
    );
    expect(await local(`--path.procfs=${directory}/proc`)).toBe('1');
  });

  it('shows progress on a terminal, and colours only there', async () => {
    const path = file('kern.log', ORDINARY.repeat(200_000));
    let clock = 0;
    const tick = () => {
      clock += 1;
      return clock;
    };
    const onTerminal = { stderrIsTerminal: true, stdoutIsTerminal: true, monotonic: tick };
    const { stdout, stderr } = await runScan([path], onTerminal);
    const lines = stderr.split('\r\u001b[K');
    expect(lines[1]).toMatch(/^\d+(\.\d)? MB of 11 MB \(\d+ %\), \d+ MB\/s, \d+ s left$/);
    expect(lines.at(-1)).toBe('');
    expect(stdout).toContain('\u001b[1m');
    expect((await runScan([path], { ...onTerminal, noColor: true })).stdout).not.toContain('\u001b');
    const plain = await runScan([path], { monotonic: tick });
    expect(plain.stderr).toBe('');
    expect(plain.stdout).not.toContain('\u001b');
  });

  it('has a table of at most 80 columns', async () => {
    const { stdout } = await runScan(['--top=100', 'test/fixtures/kernel/6.1.0-56-amd64.kmsg.raw']);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

const WAY_OUT = 'scan the output of `journalctl -k -o json`, or of `dmesg` without -t';
const busybox = `Nov 22 09:41:35 host kern.warn kernel: [  194.290970] ${OPTION}\n`;
const UNKNOWN_FORMAT = 'its lines that look like events are in an unknown format';
const inJournal = (author: object) =>
  `${JSON.stringify({ __CURSOR: 's=1', ...author, MESSAGE: 'usb 1-1: new device' })}
${JSON.stringify({ __CURSOR: 's=2', ...author, MESSAGE: OPTION })}
`;
const NOT_UNDERSTOOD: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['bare lines', `${OPTION}\n`.repeat(30), 'no line is in a known format'],
  ['lines of another program', '2025/03/07 10:00:01 kernel says hello\n', 'no line is in a known format'],
  [
    'JSON that is not the journal',
    `{"log":"[ 1.000000] eth0: up","stream":"stdout"}\n`,
    'no line is in a known format',
  ],
  ['binary garbage', Uint8Array.from({ length: 100_000 }, (_, n) => (n * 7919) % 251), 'no line is in a known format'],
  ['UTF-16', Buffer.from(event(), 'utf16le'), 'no line is in a known format'],
  ['one long line without an end', 'x'.repeat(3_000_000), 'it has no line end'],
  ['half a line', event().trimEnd(), 'it has no line end'],
  ['one long line', `${'x'.repeat(3_000_000)}\n`, 'no line is in a known format'],
  ['zeros', new Uint8Array(200_000), 'it has no line end'],
  ['gzip of bare lines', zlib.gzipSync(`${OPTION}\n`), 'no line is in a known format'],
  ['a syslog of BusyBox', busybox, UNKNOWN_FORMAT],
  ['a journal with monotonic times', `[  194.290970] host kernel: ${OPTION}\n`, UNKNOWN_FORMAT],
  ['a year behind the time', `Nov 22 09:41:35 2026 host kernel: ${OPTION}\n`, UNKNOWN_FORMAT],
  ['no space behind the tag', `Nov 22 09:41:35 host kernel:[  194.290970] ${OPTION}\n`, UNKNOWN_FORMAT],
  ['a journal without the fields that tell the author', inJournal({}), UNKNOWN_FORMAT],
  ['a journal without the facility', inJournal({ _TRANSPORT: 'kernel' }), UNKNOWN_FORMAT],
];

describe('a log that is not understood', () => {
  it.each(NOT_UNDERSTOOD)('is an error that names the way out: %s', async (_, content, reason) => {
    const path = file('log', content);
    const message = `Cannot understand ${path}: ${reason}; ${WAY_OUT}`;
    const table = await runScan([path]);
    expect({ code: table.code, stderr: table.stderr }).toEqual({ code: 1, stderr: `srcroute-exporter: ${message}\n` });
    expect(table.stdout).toContain('Events: unknown\n');
    expect(table.stdout).not.toMatch(/^source_route_option/m);
    const json = await runScan(['--format=json', path]);
    const { complete, logs } = JSON.parse(json.stdout);
    expect({ code: json.code, complete, error: logs[0].error }).toEqual({ code: 1, complete: false, error: message });
    const { code, stderr } = await runScan(['--format=prometheus', path]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: table.stderr });
  });

  it('does not hide the others: each is judged by itself', async () => {
    const [bare, good, empty] = [file('bare.log', `${OPTION}\n`), file('good.log', event()), file('empty.log', '')];
    const { code, stdout, stderr } = await runScan(['--format=json', bare, good, empty]);
    const { complete, logs, events } = JSON.parse(stdout);
    expect({ code, complete, total: events[2].total }).toEqual({ code: 1, complete: false, total: 1 });
    expect(stderr).toBe(`srcroute-exporter: Cannot understand ${bare}: no line is in a known format; ${WAY_OUT}\n`);
    expect(logs.map(({ error }: { error: string | null }) => error !== null)).toEqual([true, false, false]);
    const table = await runScan([bare, good]);
    expect(table.stdout).toContain('source_route_option: 1\n');
    expect(table.stdout).toContain('Not every log was understood: see above.\n');
  });

  it.each([
    ['a mark', 'Nov 22 09:41:35 host -- MARK --\n'],
    ['other programs', 'Nov 22 09:41:35 host sshd[1]: Accepted publickey for root\n'],
    ['one known line among others', `${OPTION}\n${ORDINARY}`],
    ['a forgery beside an event', `${event()}Nov 22 09:41:35 host root: kernel: ${OPTION}\n`],
    ['a quotation', `Nov 22 09:41:35 host sshd[1]: Invalid user kernel: ${OPTION}\n`],
    ['the facility of another program', `<12>Nov 22 09:41:35 host kernel: ${OPTION}\n`],
    ['a journal of other programs', inJournal({ _TRANSPORT: 'syslog' })],
    ['a forgery whose words come late', `Nov 22 09:41:35 host root: talk of kernel: and of ${OPTION}\n`],
  ])('is not one with %s', async (_, content) => {
    const { code, stdout, stderr } = await runScan(['--format=json', file('log', content)]);
    expect({ code, stderr, complete: JSON.parse(stdout).complete }).toEqual({ code: 0, stderr: '', complete: true });
  });

  it('with a caller in each line is read as it is', async () => {
    const lines = ['[Sun Nov 22 09:41:53 2026]', '2026-11-22T09:41:53,290970+00:00', '[  194.290970]'];
    const path = file('log', lines.map((time) => `${time} [   T11] ${OPTION}\n`).join(''));
    const { events } = await scanJson(path);
    // The first is local time.
    const first = Math.min(Date.parse('2026-11-22T09:41:53'), Date.parse('2026-11-22T09:41:53.290Z'));
    expect(events[2]).toMatchObject({ total: 3, first_seen: new Date(first).toISOString() });
  });
});
