import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ENVIRONMENT } from './tools.ts';

/** The path of a certificate or key made for tests. */
export function pemFile(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

/** What came back to a client: no status when the server did not let it ask. */
export interface Reply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the client itself had to say. */
  readonly said: string;
}

/** Asks with curl, which trusts the authority of the tests and shows the certificate of that name, if one is given. */
export async function curl(url: string, certificate?: string, ...flags: string[]): Promise<Reply> {
  const args = ['--silent', '--show-error', '--include', '--max-time', '60', '--cacert', pemFile('ca.pem')];
  if (certificate) args.push('--cert', pemFile(`${certificate}.pem`), '--key', pemFile(`${certificate}.key`));
  const { stdout, stderr } = await runClient('curl', [...args, ...flags, url]);
  return { ...parseReply(stdout), said: stderr };
}

/** Asks with `openssl s_client`, which says what was negotiated. */
export async function sClient(address: string, path: string, certificate?: string, ...flags: string[]): Promise<Reply> {
  const args = ['s_client', '-connect', address, '-ign_eof', '-CAfile', pemFile('ca.pem')];
  if (certificate) args.push('-cert', pemFile(`${certificate}.pem`), '-key', pemFile(`${certificate}.key`));
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
  const { stdout, stderr } = await runClient('openssl', [...args, ...flags], request);
  const start = stdout.indexOf('HTTP/1.1 ');
  const reply = parseReply(start < 0 ? '' : stdout.slice(start));
  return { ...reply, said: stdout.slice(0, start < 0 ? undefined : start) + stderr };
}

async function runClient(command: string, args: readonly string[], input = '') {
  const child = spawn(command, args, { env: ENVIRONMENT, stdio: 'pipe', timeout: 60_000 });
  // One that is not let in has gone before it has read.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr };
}

/** What follows the body is the client's. */
function parseReply(reply: string): Omit<Reply, 'said'> {
  const end = reply.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = reply.slice(0, Math.max(end, 0)).split('\r\n');
  const status = /^HTTP\/1\.1 (\d+)/.exec(statusLine)?.[1];
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.replace(/^[^:]*: */, '')]),
  );
  const body = Buffer.from(reply.slice(end + 4)).subarray(0, Number(headers['content-length'] ?? 0));
  return { status: status === undefined ? undefined : Number(status), headers, body: body.toString() };
}
