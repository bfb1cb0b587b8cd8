#!/usr/bin/env node
import { readFileSync } from 'node:fs';

// Before anything else is loaded: a stop may come while it is.
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.on('SIGINT', () => stop.abort());
let hangUp = () => stop.abort();
process.on('SIGHUP', () => hangUp());
// A reader of our output that goes away, `--help | head`, is no reason to die of.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.on('uncaughtException', (error) => {
  process.stderr.write(
    `srcroute-exporter: unexpected error, please report it: ${error.message.replaceAll('\n', ' ')}\n`,
  );
  process.exit(1);
});

const { run } = await import('./commands/run.ts');
const code = await run({
  argv: process.argv.slice(2),
  signal: stop.signal,
  onHangup: (reload) => {
    hangUp = reload;
  },
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  stdoutIsTerminal: process.stdout.isTTY === true,
  stderrIsTerminal: process.stderr.isTTY === true,
  noColor: (process.env.NO_COLOR ?? '') !== '' || process.env.TERM === 'dumb',
  now: Date.now,
  monotonic: () => Number(process.hrtime.bigint()) / 1e9,
  pid: process.pid,
  stateDirectory: process.env.STATE_DIRECTORY,
  uid: process.getuid?.(),
  build: {
    version: readJson('../package.json', 'version'),
    revision: readJson('revision.json', 'revision'),
    node: process.versions.node,
  },
});
await written(process.stdout, stop.signal);
process.exit(code);

/** Waits until a reader has taken everything, which a pipe may not hold, or has gone, or until the signal. */
function written(stream: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
    stream.write('', () => resolve());
  });
}

/** A text of a file beside this one; `unknown` without it. */
function readJson(file: string, key: string): string {
  try {
    return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))[key];
  } catch {
    return 'unknown';
  }
}
