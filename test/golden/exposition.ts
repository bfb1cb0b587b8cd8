import { run } from '../../src/commands/run.ts';

/** The clock of every golden exposition, after all captures. */
const NOW = Date.parse('2026-11-23T12:00:00Z');

/** Runs the program in this process on a log from its start, and gives what it serves once all is read. */
export async function exposition(...flags: string[]): Promise<string> {
  const stop = new AbortController();
  let stderr = '';
  let announce = (_: string) => {};
  const address = new Promise<string>((resolve) => {
    announce = resolve;
  });
  const ended = run({
    argv: [
      '--web.listen-address=127.0.0.1:0',
      '--input.from=start',
      '--path.procfs=test/fixtures/host/proc',
      '--path.sysfs=test/fixtures/host/sys',
      '--path.rootfs=test/fixtures/host/root',
      ...flags,
    ],
    signal: stop.signal,
    onHangup: () => {},
    stdout: () => {},
    stderr: (text) => {
      stderr += text;
      const listening = /msg=Listening address=(\S+)/.exec(text);
      if (listening?.[1] !== undefined) announce(listening[1]);
    },
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    noColor: false,
    now: () => NOW,
    monotonic: () => 1_000,
    pid: 1,
    stateDirectory: undefined,
    uid: 1000,
    build: { version: '0.0.0', revision: 'golden', node: '0.0.0' },
  });
  try {
    const base = `http://${await Promise.race([address, ended.then((code) => Promise.reject(new Error(`Ended with ${code}: ${stderr}`)))])}`;
    for (;;) {
      const text = await (await fetch(`${base}/metrics`)).text();
      if (/^srcroute_log_up\{[^}]*\} 1$/m.test(text) && /^srcroute_log_unread_bytes\{[^}]*\} 0$/m.test(text))
        return text;
    }
  } finally {
    stop.abort();
    await ended;
  }
}

/** Only our metrics: those of the process differ from run to run. */
export function ours(text: string): string {
  return `${text
    .split('\n\n')
    .filter((metric) => metric.startsWith('# HELP srcroute_'))
    .join('\n\n')
    .trimEnd()}\n`;
}
