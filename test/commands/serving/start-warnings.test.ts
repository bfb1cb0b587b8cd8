import { existsSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serveConfig } from '../../../src/commands/config/serve-config.ts';
import { parseFlags } from '../../../src/commands/flags/flags.ts';
import { SERVE_FLAGS } from '../../../src/commands/flags/serve-flags.ts';
import { startWarnings } from '../../../src/commands/serving/start-warnings.ts';

/** Warnings for files that are followed, or for the device when there are none. */
function warnings(files: readonly string[], uid?: number, ...argv: string[]): string[] {
  const config = serveConfig(parseFlags([...files.map((file) => `--input.file=${file}`), ...argv], SERVE_FLAGS).values);
  return startWarnings(config, files, uid);
}
const twice = (a: string, b: string) =>
  `${a} and ${b} hold the same kernel messages: every event will be counted twice; follow one of them`;

describe('startWarnings', () => {
  it.each([
    [['/var/log/kern.log', '/var/log/syslog']],
    [['/var/log/syslog', '/var/log/kern.log']],
    [['/var/log/messages', '/var/log/kern.log']],
  ])('tell that %j would be counted twice', (files) => {
    expect(warnings(files, 1_000)).toEqual([twice(files[0] as string, files[1] as string)]);
  });

  it('name every pair', () => {
    const files = ['/l/kern.log', '/l/syslog', '/l/messages'] as const;
    expect(warnings(files, 1_000)).toEqual([
      twice(files[0], files[1]),
      twice(files[0], files[2]),
      twice(files[1], files[2]),
    ]);
  });

  it.each([
    [['/var/log/kern.log']],
    [['/var/log/kern.log', '/srv/log/syslog']],
    [['/var/log/kern.log', '/var/log/auth.log']],
    [['/var/log/kern.log', '/var/log/kern.log.1']],
    [[]],
  ])('say nothing of %j', (files) => {
    expect(warnings(files, 1_000, '--input.kmsg=/none')).toEqual([]);
  });

  it('tell root that a group is enough for files', () => {
    expect(warnings(['/var/log/kern.log'], 0)).toEqual([
      'Running as root is not needed: a member of the group that owns the log (adm on Debian) may read it',
    ]);
  });

  it.skipIf(!existsSync('/dev/null') || (statSync('/dev/null').mode & 0o004) === 0)(
    'tell root that a capability is enough for a device that everybody may read',
    () => {
      expect(warnings([], 0, '--input.kmsg=/dev/null')).toEqual([
        'Running as root is not needed: CAP_SYSLOG is enough to read /dev/null',
      ]);
    },
  );

  it.each(['/none', '/', '/etc/passwd'])('tell root nothing of %s, which is no such device', (path) => {
    expect(warnings([], 0, `--input.kmsg=${path}`)).toEqual([]);
  });

  it('say nothing where there are no users', () => {
    expect(warnings(['/var/log/kern.log'], undefined)).toEqual([]);
  });
});
