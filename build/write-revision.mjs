// Writes dist/revision.json: the commit that was built, for srcroute_exporter_build_info. A tarball has no git: "unknown".
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';

function revision() {
  if (process.env.REVISION) return process.env.REVISION;
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

writeFileSync(new URL('../dist/revision.json', import.meta.url), `${JSON.stringify({ revision: revision() })}\n`);
chmodSync(new URL('../dist/main.js', import.meta.url), 0o755);
