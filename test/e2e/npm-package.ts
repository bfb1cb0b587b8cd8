import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cleanup, ENVIRONMENT, makeDirectory } from './tools.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm pack` made. */
export interface Packed {
  readonly tarball: string;
  /** In bytes, as it is and unpacked. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly paths: readonly string[];
}

/** Packs the project as it is built, into a directory that goes at the end. */
export function packProject(cleanup?: Cleanup): Packed {
  const directory = makeDirectory(cleanup);
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', directory], PROJECT));
  return {
    tarball: join(directory, packed.filename),
    size: packed.size,
    unpackedSize: packed.unpackedSize,
    paths: packed.files.map(({ path }: { path: string }) => path),
  };
}

/**
 * Installs a tarball into a directory as an operator does, without a network: no registry answers, and nothing is in npm's cache. Gives the
 * path of the command.
 */
export function installPackage(tarball: string, cleanup?: Cleanup): string {
  const prefix = join(makeDirectory(cleanup), 'srcroute-exporter');
  mkdirSync(prefix);
  npm(['install', '--offline', '--omit=dev', '--prefix', prefix, tarball], prefix, {
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_cache: makeDirectory(cleanup),
  });
  return join(prefix, 'node_modules/.bin/srcroute-exporter');
}

function npm(args: readonly string[], cwd: string, environment: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr, error } = spawnSync('npm', args, {
    env: { ...ENVIRONMENT, npm_config_audit: 'false', npm_config_fund: 'false', ...environment },
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 << 20,
    cwd,
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} gave ${status}: ${stderr}`, { cause: error });
  return stdout;
}
