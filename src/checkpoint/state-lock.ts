import { once } from 'node:events';
import { type Stats, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { basename, dirname } from 'node:path';

/** How long the holder of a lock has to say who it is, in milliseconds. */
const ANSWER_MS = 1_000;
/** A pid and a line feed are shorter. */
const ANSWER_LENGTH = 32;

/**
 * Takes the one lock of a state file, for this process (its pid) until it ends: an abstract unix socket named by the device and
 * inode of the directory, which the kernel gives back however the process ends, and which knows exporters apart that are all pid 1 of
 * their containers. Processes in different network namespaces do not see each other's. Throws an Error of one line that names the
 * holder's pid.
 */
export async function lockState(file: string, pid: number): Promise<{ close(): void }> {
  const { dev, ino } = statDirectory(file);
  const name = `\0srcroute-exporter-state:${dev}:${ino}:${basename(file)}`;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(`${pid}\n`);
  });
  try {
    await bind(server, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Cannot use "${file}": another exporter uses it (pid ${await holder(name)}); give each its own`, {
      cause: error,
    });
  }
  server.unref();
  return { close: () => server.close() };
}

function statDirectory(file: string): Stats {
  try {
    return statSync(dirname(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'its directory does not exist' : `its directory cannot be used (${code})`;
    throw new Error(`Cannot use "${file}": ${why}`, { cause: error });
  }
}

async function bind(server: Server, name: string): Promise<void> {
  server.listen(name);
  await once(server, 'listening');
}

/** The holder's pid, in its own pid namespace; `unknown` if it does not answer so. Anybody may hold the name, and say anything for ever. */
async function holder(name: string): Promise<string> {
  const socket = connect(name);
  const deadline = setTimeout(() => socket.destroy(new Error('No answer')), ANSWER_MS);
  try {
    let answer = '';
    for await (const chunk of socket) {
      answer += chunk;
      if (answer.length > ANSWER_LENGTH) break;
    }
    return /^\d{1,10}$/.exec(answer.trim())?.[0] ?? 'unknown';
  } catch {
    return 'unknown';
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
}
