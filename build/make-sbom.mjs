// Prints the bill of materials of what is installed in production, as CycloneDX. `npm sbom --omit=dev` leaves out what development needs
// too, so npm gets a project that has no development.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const { devDependencies: _, scripts: __, ...manifest } = read('package.json');
const lock = read('package-lock.json');
const isProduction = ([, { dev }]) => dev !== true;
lock.packages = Object.fromEntries(Object.entries(lock.packages).filter(isProduction));
delete lock.packages[''].devDependencies;

const temporary = mkdtempSync(join(tmpdir(), 'srcroute-sbom-'));
// npm takes the name of what it describes from there.
const directory = join(temporary, manifest.name);
try {
  mkdirSync(directory);
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(directory, 'package-lock.json'), JSON.stringify(lock));
  execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
    cwd: directory,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
} finally {
  rmSync(temporary, { recursive: true });
}
