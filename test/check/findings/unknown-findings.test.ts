import { mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { run } from '../../../src/commands/run.ts';
import { makeEnvironment } from '../../commands/environment.ts';
import { HOSTS } from '../../fixtures/hosts/hosts.ts';
import { type Host, makeHost } from '../../fixtures/hosts/make-host.ts';

const POLICY = `rules:
  - {sysctl: accept_source_route, family: ipv4, expect: 0}
  - {sysctl: dmesg_restrict, expect: 1}
`;

it('a sysctl that there is one of is not fine when it cannot be read, and does not apply when it is not there', async () => {
  const host: Host = { ...(HOSTS.hardened as Host), policy: POLICY };
  const absent = makeHost(host);
  const unreadable = makeHost(host);
  const procfs = unreadable[0]?.slice('--path.procfs='.length);
  mkdirSync(`${procfs}/sys/kernel/dmesg_restrict`);
  const verdict = async (flags: readonly string[]) => {
    const { environment, stdout } = makeEnvironment(['check', '--format=json', ...flags]);
    const code = await run(environment);
    return { code, verdict: JSON.parse(stdout()).verdict };
  };
  expect(await verdict(absent)).toEqual({ code: 0, verdict: 'compliant' });
  expect(await verdict(unreadable)).toEqual({ code: 1, verdict: 'unknown' });
});
