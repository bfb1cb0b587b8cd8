import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { PROGRAM } from './exporter.ts';
import { ENVIRONMENT } from './tools.ts';
import { until } from './until.ts';

/** How long a scan may take before it counts as hanging. */
const END_WITHIN_MS = 280_000;

/** What stands before a message of the kernel in an RFC 3164 log. */
export const HEADER = 'Nov 22 09:41:35 host kernel: ';

/** A line of an event, from one of 65,536 addresses. */
export const event = (n: number) =>
  `${HEADER}IPv4: source route option 198.18.${(n >> 8) & 255}.${n & 255} -> 192.0.2.1\n`;

/** The fields of the report that tests look at. */
export interface ScanReport {
  readonly complete: boolean;
  readonly records: number;
  readonly rejected_records: Readonly<Record<string, number>>;
  readonly events: readonly { readonly event: string; readonly total: number }[];
}

/** The program, running, with its output as text. */
export class Scan {
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
    // A scan that is interrupted ends without reading the rest.
    this.child.stdin?.on('error', () => {});
    this.child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  get report(): ScanReport {
    return JSON.parse(this.stdout);
  }

  /** The most memory it ever had, in MB; of the last moment at which it could be asked. */
  async peakMb(): Promise<number> {
    let peak = 0;
    await until(
      'it ends',
      () => {
        // Once it has ended there is nothing left to ask.
        if (this.child.exitCode !== null || this.child.signalCode !== null) return true;
        const status = readFileSync(`/proc/${this.child.pid}/status`, 'latin1');
        peak = Math.max(peak, (Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024) / 1e6);
        return false;
      },
      END_WITHIN_MS,
    );
    return peak;
  }
}
