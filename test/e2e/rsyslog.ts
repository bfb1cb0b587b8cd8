import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PYTHON } from './required.ts';
import { type Cleanup, ENVIRONMENT, makeDirectory, run } from './tools.ts';
import { until } from './until.ts';

/** The three forms in which rsyslog usually writes files. */
export const TEMPLATES = {
  traditional: 'RSYSLOG_TraditionalFileFormat',
  'RFC 3339': 'RSYSLOG_FileFormat',
  'RFC 5424': 'RSYSLOG_SyslogProtocol23Format',
} as const;
export type Format = keyof typeof TEMPLATES;

export const SELECTORS = ['*.*', 'kern.*'] as const;
export type Selector = (typeof SELECTORS)[number];

/** A real rsyslogd with its own configuration, socket, process id and files: nothing of the machine's. */
export class Rsyslog {
  /** What local programs write to, as they do to /dev/log. */
  readonly socket: string;
  readonly directory: string;
  #sentinels = 0;

  private constructor(directory: string) {
    this.directory = directory;
    this.socket = join(directory, 'log');
  }

  /** Starts it. Takes more modules to load, in the form of its configuration. */
  static async start(cleanup: Cleanup, modules = ''): Promise<Rsyslog> {
    const directory = makeDirectory(cleanup);
    const rsyslog = new Rsyslog(directory);
    const outputs = SELECTORS.flatMap((selector) =>
      Object.entries(TEMPLATES).map(
        ([format, template]) =>
          `${selector} action(type="omfile" file="${rsyslog.file(selector, format as Format)}" template="${template}")`,
      ),
    );
    const config = join(directory, 'rsyslog.conf');
    writeFileSync(
      config,
      [
        `global(workDirectory="${directory}")`,
        `module(load="imuxsock" SysSock.Name="${rsyslog.socket}")`,
        modules,
        ...outputs,
        '',
      ].join('\n'),
    );
    const child = spawn('rsyslogd', ['-n', '-f', config, '-i', join(directory, 'pid')], {
      env: ENVIRONMENT,
      stdio: 'ignore',
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    cleanup(async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(timer);
    });
    await until('rsyslogd has its socket', () => existsSync(rsyslog.socket));
    await rsyslog.settle();
    return rsyslog;
  }

  file(selector: Selector, format: Format): string {
    return join(this.directory, `${selector.replace('.*', '').replace('*', 'all')}.${format.replace(' ', '')}.log`);
  }

  lines(selector: Selector, format: Format): number {
    const file = this.file(selector, format);
    return existsSync(file) ? readFileSync(file, 'latin1').split('\n').length - 1 : 0;
  }

  /** Sends a message as a local program does. */
  logger(...args: string[]): void {
    run('logger', ['-u', this.socket, ...args]);
  }

  /** Sends one datagram to the socket as it is: any local user may. */
  datagram(bytes: string): void {
    const send =
      'import socket,sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(sys.stdin.buffer.read(), sys.argv[1])';
    run(PYTHON, ['-c', send, this.socket], bytes);
  }

  /** Waits until all that was sent so far is in the files: rsyslogd keeps the order. */
  async settle(): Promise<void> {
    this.#sentinels += 1;
    const text = `sentinel ${this.#sentinels}.`;
    this.datagram(`<13>e2e: ${text}`);
    const last = this.file('*.*', 'RFC 5424');
    await until('rsyslogd has written all', () => existsSync(last) && readFileSync(last, 'latin1').includes(text));
  }
}
