import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../e2e/exporter.ts';
import { installPackage, type Packed, packProject } from '../e2e/npm-package.ts';
import { describeReal } from '../e2e/required.ts';
import { Cleanups, ENVIRONMENT } from '../e2e/tools.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const HOST = `${PROJECT}test/fixtures/host/`;

/** Many files of one kind, each a line of the list. */
const ALIKE: readonly [RegExp, string][] = [
  [/^dist\/.*\.js$/, 'dist/**/*.js'],
  [/^node_modules\/((?:@[^/]+\/)?[^/]+(?:\/node_modules\/(?:@[^/]+\/)?[^/]+)*)\/.*/, 'node_modules/$1'],
  [/^alerts\/tests\/[^/]+\.yml$/, 'alerts/tests/*.yml'],
  [/^docs\/runbooks\/[^/]+\.md$/, 'docs/runbooks/*.md'],
];

describeReal('the package', { commands: ['npm'] }, () => {
  const cleanups = new Cleanups();
  let packed: Packed;

  beforeAll(() => {
    packed = packProject(cleanups.add);
  });
  afterAll(() => cleanups.run());

  it('has what an operator needs and nothing else', async () => {
    const listed = packed.paths.map((path) =>
      ALIKE.reduce((name, [pattern, kind]) => name.replace(pattern, kind), path),
    );
    await expect(`${[...new Set(listed)].sort().join('\n')}\n`).toMatchFileSnapshot('package-files.txt');
  });

  it('carries every production dependency, and none of development', () => {
    const carried = packed.paths.filter((path) => path.startsWith('node_modules/') && path.endsWith('/package.json'));
    expect(
      production()
        .map(([path]) => path)
        .filter((path) => !carried.includes(`${path}/package.json`)),
    ).toEqual([]);
    const locked = new Set(production().map(([path]) => path));
    const packages = packed.paths
      .filter((path) => path.startsWith('node_modules/'))
      .map((path) => path.replace(/^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\/.*$/, '$1'));
    expect([...new Set(packages)].filter((path) => !locked.has(path))).toEqual([]);
  });

  it('is small', () => {
    expect(packed.size).toBeLessThan(3_500_000);
    expect(packed.unpackedSize).toBeLessThan(10_000_000);
  });

  it('installs and runs without a network', async () => {
    const command = installPackage(packed.tarball, cleanups.add);
    const args = ['check', '--format=json', `--path.procfs=${HOST}proc`, `--path.rootfs=${HOST}root`];
    const installed = spawnSync(command, args, { env: ENVIRONMENT, encoding: 'utf8' });
    const built = await runProgram(args);
    expect(installed).toMatchObject({ status: built.code, stdout: built.stdout, stderr: '' });
    expect(JSON.parse(installed.stdout)).toHaveProperty('findings');
  });

  it('has a bill of materials of exactly these', () => {
    const { stdout } = spawnSync('npm', ['run', '--silent', 'sbom'], {
      cwd: PROJECT,
      env: ENVIRONMENT,
      encoding: 'utf8',
    });
    const { bomFormat, components }: { bomFormat: string; components: { purl: string }[] } = JSON.parse(stdout);
    expect(bomFormat).toBe('CycloneDX');
    const purls = production().map(([path, { version }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return `pkg:npm/${name.replace('@', '%40')}@${version}`;
    });
    expect(components.map(({ purl }) => purl).sort()).toEqual([...new Set(purls)].sort());
  });
});

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
}

/** What the lock file has beyond development, by its place. */
function production(): [path: string, Locked][] {
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(`${PROJECT}package-lock.json`, 'utf8'),
  );
  return Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
}
