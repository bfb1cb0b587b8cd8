import { accessSync, chmodSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces, constants as system, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A thousand clients of one exporter are sockets of one process. */
const OPEN_FILES = 2_048;

/** Throws one sentence that names what no test could do without, rather than have hundreds fail. */
export function refuseUnfitMachine(project: string): void {
  const temporary = tmpdir();
  const complaints = [
    ...(/[#?%\\]/.test(project) ? [`Vite loads no files from a path with # ? % or \\: ${project}`] : []),
    ...(/[*?[\]{}()"\\]/.test(temporary)
      ? [`a path with * ? [ ] { } ( ) " or \\ is a glob to --input.file: TMPDIR=${temporary}`]
      : []),
    ...(isWritable(temporary) ? [] : [`cannot write to TMPDIR=${temporary}`]),
    ...(hasLoopback() ? [] : ['the loopback interface is down: ip link set lo up']),
    ...(openFiles() < OPEN_FILES
      ? [`needs ${OPEN_FILES} open files, not ${openFiles()}: ulimit -n ${OPEN_FILES}`]
      : []),
  ];
  if (complaints.length > 0) throw new Error(`Cannot run the tests here: ${complaints.join('; ')}`);
}

/** Gives this run a TMPDIR of its own, which goes with it, also when it is interrupted in the middle of a test. */
export function gatherTemporaryFiles(): void {
  const directory = mkdtempSync(join(tmpdir(), 'srcroute-tests-'));
  // Some tests read as another user.
  chmodSync(directory, 0o755);
  process.env.TMPDIR = directory;
  process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + system.signals[signal]));
  }
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasLoopback(): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '127.0.0.1'));
}

/** The limit of this process: Node.js has raised it to the highest that it may have. */
function openFiles(): number {
  const limit = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}
