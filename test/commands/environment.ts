import type { Environment } from '../../src/commands/environment.ts';

/** An environment that keeps what is written. */
export function makeEnvironment(argv: readonly string[], more: Partial<Environment> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const environment: Environment = {
    argv,
    signal: AbortSignal.abort(),
    onHangup: () => {},
    stdout: (text) => {
      out.push(text);
    },
    stderr: (text) => {
      err.push(text);
    },
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    noColor: false,
    now: () => Date.parse('2026-11-22T12:00:00Z'),
    monotonic: () => 1_000,
    pid: 1,
    stateDirectory: undefined,
    uid: 1_000,
    build: { version: '1.2.3', revision: 'abcdef', node: '20.19.0' },
    ...more,
  };
  return { environment, stdout: () => out.join(''), stderr: () => err.join('') };
}
