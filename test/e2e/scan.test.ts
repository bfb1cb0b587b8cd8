import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  cpSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Exporter, PROGRAM, runProgram, Samples } from './exporter.ts';
import { parseExposition } from './parse-exposition.ts';
import { describeReal, OTHER_USER } from './required.ts';
import { ENVIRONMENT, makeDirectory } from './tools.ts';
import { until } from './until.ts';

const HEADER = 'Nov 22 09:41:35 host kernel: ';
const ORDINARY = `${HEADER}eth0: renamed from veth1\n`;
const event = (n: number) => `${HEADER}IPv4: source route option 198.18.${(n >> 8) & 255}.${n & 255} -> 192.0.2.1\n`;

/** A log of so many lines, every tenth an event of one of so many hosts; every thousandth something odd. */
function log(lines: number, hosts: number): string {
  return Array.from({ length: lines }, (_, n) => {
    if (n % 1000 === 999) return ODD[Math.floor(n / 1000) % ODD.length] ?? ORDINARY;
    return n % 10 === 0 ? event((n * 7) % hosts) : ORDINARY;
  }).join('');
}

const ODD = [
  'no record\n',
  `${'x'.repeat(70_000)}\n`,
  `Nov 22 09:41:35 host logger: IPv4: source route option 198.18.0.1 -> 192.0.2.1\n`,
  `${HEADER}IPv4: source route option 198.18.0.1 -> nowhere\n`,
  `${HEADER}net_ratelimit: 12 callbacks suppressed\n`,
  `${ORDINARY}${HEADER}message repeated 4 times: [ eth0: renamed from veth1]\n`,
  `${event(1)}${HEADER}message repeated 3 times: [ IPv4: source route option 198.18.0.1 -> 192.0.2.1]\n`,
  '\n',
  ' begins with a space\n',
];

interface Report {
  readonly complete: boolean;
  readonly records: number;
  readonly rejected_records: Readonly<Record<string, number>>;
  readonly events: readonly { readonly event: string; readonly total: number }[];
}

/** The program, running, with its output as text. */
class Scan {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore') {
    this.child = spawn(process.execPath, [PROGRAM, 'scan', ...args], {
      env: ENVIRONMENT,
      stdio: [stdin, 'pipe', 'pipe'],
    });
    onTestFinished(() => void this.child.kill('SIGKILL'));
    this.child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  get report(): Report {
    return JSON.parse(this.stdout);
  }

  /** The most memory it ever had, in MB; of the last moment at which it could be asked. */
  async peakMb(): Promise<number> {
    let peak = 0;
    await until(
      'it ends',
      () => {
        // First: of a process that has ended there is nothing more to read.
        if (this.child.exitCode !== null) return true;
        const status = readFileSync(`/proc/${this.child.pid}/status`, 'latin1');
        peak = Math.max(peak, (Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024) / 1e6);
        return false;
      },
      120_000,
    );
    return peak;
  }
}

describe('scan', () => {
  it('counts a large file on two threads as on one', async () => {
    const path = `${makeDirectory()}/kern.log`;
    writeFileSync(path, log(600_000, 3000));
    const [two, one] = [new Scan(['--format=json', path]), new Scan(['--format=json', '-'], 'pipe')];
    one.child.stdin?.end(readFileSync(path));
    expect(await Promise.all([two.ended, one.ended])).toEqual([0, 0]);
    const { events, records, rejected_records } = two.report;
    expect({ events, records, rejected_records }).toEqual({
      events: one.report.events,
      records: one.report.records,
      rejected_records: one.report.rejected_records,
    });
    const grep = (pattern: string) => Number(execFileSync('grep', ['-c', '-E', pattern, path], { encoding: 'utf8' }));
    const repeated = 3 * grep('repeated 3 times');
    expect(events[2]?.total).toBe(grep('kernel: IPv4: source route option .* 192.0.2.1$') + repeated);
    expect(repeated).toBeGreaterThan(0);
  });

  it('counts a large file wherever the program is installed', async () => {
    const project = dirname(dirname(PROGRAM));
    const directory = `${makeDirectory()}/part-helper of #1 100%/part-helper`;
    cpSync(dirname(PROGRAM), `${directory}/dist`, { recursive: true });
    copyFileSync(`${project}/package.json`, `${directory}/package.json`);
    symlinkSync(`${project}/node_modules`, `${directory}/node_modules`);
    const path = `${directory}/kern.log`;
    writeFileSync(path, log(400_000, 300));
    // So large that a thread helps.
    expect(statSync(path).size).toBeGreaterThan(16 * 1024 * 1024);
    const scan = (program: string) => execFileSync(process.execPath, [program, 'scan', '--format=json', path]);
    expect(scan(`${directory}/dist/main.js`).equals(scan(PROGRAM))).toBe(true);
  });

  it('agrees with serve on a log with all that can be wrong in one, to the last digit', async () => {
    const path = `${makeDirectory()}/kern.log`;
    const text = log(40_000, 300);
    writeFileSync(path, text);
    const exporter = await Exporter.start([`--input.file=${path}`, '--input.from=start']);
    const { stdout, code } = await runProgram(['scan', '--format=prometheus', '--path.procfs=/proc', path]);
    expect(code).toBe(0);
    const scanned = new Samples(parseExposition(stdout));
    const records = scanned.value('srcroute_log_records_total', { input: path });
    const served = await exporter.until(
      `it has read all ${records} records`,
      (samples) => samples.value('srcroute_log_records_total', { input: path }) === records,
    );
    const ofLogs = /^srcroute_(?:event|source|subnet|expired|new|tracked|kernel|log_(?!last))/;
    const shown = (samples: Samples) =>
      samples.all
        .filter(({ name }) => ofLogs.test(name) && !/^srcroute_event_(?:observable|blind_spot)/.test(name))
        .map(({ name, labels, value }) => `${name}${JSON.stringify(labels)} ${value}`)
        .sort();
    expect(shown(scanned)).toEqual(shown(served));
    expect(scanned.value('srcroute_log_rejected_records_total', { input: path, reason: 'oversize' })).toBeGreaterThan(
      0,
    );
    await exporter.stop();
  });

  it('gives what it found until it is interrupted, while a pipe has nothing more', async () => {
    const scan = new Scan(['--format=json', '-'], 'pipe');
    const written = log(20_000, 300);
    scan.child.stdin?.write(written);
    // It has read what was written when it waits with an empty pipe: only then it can be seen to have begun.
    await until('it has read', () => {
      const io = readFileSync(`/proc/${scan.child.pid}/io`, 'latin1');
      return Number(/^rchar: (\d+)/.exec(io)?.[1]) > written.length;
    });
    scan.child.kill('SIGINT');
    expect(await scan.ended).toBe(1);
    expect(scan.stderr).toBe('srcroute-exporter: Interrupted: the report is of what was read until then\n');
    expect(scan.report.complete).toBe(false);
    expect(scan.report.events[2]?.total).toBeGreaterThan(0);
  });

  it('ends without a word when nobody reads what it says', async () => {
    const path = `${makeDirectory()}/kern.log`;
    writeFileSync(path, event(1).repeat(50_000));
    const out = execFileSync(
      'bash',
      [
        '-c',
        'set -o pipefail; "$0" "$1" scan --explain "$2" 2>&1 >/dev/null | cat; "$0" "$1" scan --explain "$2" 2>"$2.err" | head -n 1; cat "$2.err"',
        process.execPath,
        PROGRAM,
        path,
      ],
      { env: ENVIRONMENT, encoding: 'utf8' },
    );
    expect(out).toBe(`${path}:1: source_route_option: 198.18.0.1 -> 192.0.2.1 (form syslog-rfc3164)\n`);
  });

  it('reads what a shell substitutes, and gzip from standard input', async () => {
    const path = `${makeDirectory()}/kern.log`;
    writeFileSync(path, log(5_000, 300));
    const script =
      'node=$0 program=$1 path=$2; $node $program scan --format=json <(cat $path); gzip -c $path | $node $program scan --format=json -; $node $program scan --format=json - < $path';
    const out = execFileSync('bash', ['-c', script.replaceAll('$node', '"$node"'), process.execPath, PROGRAM, path], {
      env: ENVIRONMENT,
      encoding: 'utf8',
    });
    const reports = out
      .split(/^(?=\{)/m)
      .map((text) => JSON.parse(text) as Report)
      .map(({ records, events }) => ({ records, total: events[2]?.total }));
    expect(reports).toHaveLength(3);
    expect(new Set(reports.map((report) => JSON.stringify(report))).size).toBe(1);
    expect(reports[0]?.total).toBeGreaterThan(400);
  });

  it('reads 10 GB of one line, and a million addresses, in bounded memory', async () => {
    const directory = makeDirectory();
    const line = openSync(`${directory}/line`, 'w');
    ftruncateSync(line, 10e9);
    writeSync(line, `\n${event(1)}`, 10e9);
    closeSync(line);
    const flood = openSync(`${directory}/flood`, 'w');
    for (let block = 0; block < 20; block++) {
      const lines = Array.from({ length: 50_000 }, (_, n) => {
        const host = block * 50_000 + n;
        return `${HEADER}IPv4: source route option ${10 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}.1 -> 192.0.2.1\n`;
      });
      writeSync(flood, lines.join(''));
    }
    closeSync(flood);
    const scan = new Scan(['--format=json', `${directory}/line`, `${directory}/flood`]);
    const peak = await scan.peakMb();
    expect(await scan.ended).toBe(0);
    expect(scan.report.rejected_records.oversize).toBe(1);
    expect(scan.report.events[2]?.total).toBe(1_000_001);
    expect(peak).toBeGreaterThan(30);
    expect(peak).toBeLessThanOrEqual(100);
  }, 180_000);
});

describeReal('scan as a user without rights', { root: true, otherUser: true }, () => {
  it('says what it may not read, and reads the rest', async () => {
    const directory = makeDirectory();
    writeFileSync(`${directory}/secret.log`, event(1), { mode: 0o600 });
    writeFileSync(`${directory}/open.log`, event(2));
    const { code, stdout, stderr } = await runProgram(
      ['scan', '--format=json', `${directory}/secret.log`, `${directory}/open.log`],
      OTHER_USER,
    );
    expect(code).toBe(1);
    expect(stderr).toBe(
      `srcroute-exporter: Cannot read ${directory}/secret.log: permission denied: be a member of the group that owns it (adm on Debian and Ubuntu), or root\n`,
    );
    expect((JSON.parse(stdout) as Report).events[2]?.total).toBe(1);
  });
});

describeReal('scan of the device', { root: true, kmsg: true }, () => {
  it('reads what is in the ring and ends', async () => {
    const { code, stdout } = await runProgram(['scan', '--format=json', '/dev/kmsg']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).records).toBeGreaterThan(0);
  });
});
