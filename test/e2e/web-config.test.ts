import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from './exporter.ts';
import { makeDirectory } from './tools.ts';

it.each([
  ['nonsense: 1', '1: Unknown key "nonsense" of the web configuration'],
  ['tls_server_config:\n  cert_file: none.pem\n  key_file: none.key', '2: Wrong cert_file: Cannot read'],
  ['basic_auth_users:\n  ann: secret', '2: Wrong password of user "ann": allowed is a bcrypt hash'],
  ['tls_server_config: [', '1: '],
])('refuses the web configuration %j before it listens, and when asked to check', async (text, message) => {
  const file = join(makeDirectory(), 'web.yml');
  writeFileSync(file, text);
  for (const flags of [[], ['--config.check']]) {
    const { code, stderr, stdout } = await runProgram([
      `--web.config.file=${file}`,
      '--web.listen-address=127.0.0.1:0',
      ...flags,
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`srcroute-exporter: --web.config.file: ${file}:${message}`);
  }
});
