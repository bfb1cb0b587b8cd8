import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Exporter, PROGRAM, runProgram, Samples } from './exporter.ts';
import { parseExposition } from './parse-exposition.ts';
import { event, HEADER, Scan, type ScanReport } from './scan-process.ts';
import { ENVIRONMENT, makeDirectory } from './tools.ts';
import { until } from './until.ts';

const ORDINARY = `${HEADER}eth0: renamed from veth1\n`;

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
      'p=$1 log=$2; scan() { "$0" "$p" scan --format=json "$1"; }; scan <(cat "$log"); gzip -c "$log" | scan -; scan - <"$log"';
    const out = execFileSync('bash', ['-c', script, process.execPath, PROGRAM, path], {
      env: ENVIRONMENT,
      encoding: 'utf8',
    });
    const reports = out
      .split(/^(?=\{)/m)
      .map((text) => JSON.parse(text) as ScanReport)
      .map(({ records, events }) => ({ records, total: events[2]?.total }));
    expect(reports).toHaveLength(3);
    expect(new Set(reports.map((report) => JSON.stringify(report))).size).toBe(1);
    expect(reports[0]?.total).toBeGreaterThan(400);
  });
});
