import { describe, expect, it } from 'vitest';
import { run } from '../../src/commands/run.ts';
import { makeEnvironment } from '../commands/environment.ts';
import { HOSTS } from '../fixtures/hosts/hosts.ts';
import { type Host, makeHost } from '../fixtures/hosts/make-host.ts';

const ESCAPE = '\u001b';

async function check(name: string, terminal: { stdoutIsTerminal?: boolean; noColor?: boolean }, ...flags: string[]) {
  const argv = ['check', ...makeHost(HOSTS[name] as Host), ...flags];
  const { environment, stdout, stderr } = makeEnvironment(argv, terminal);
  return { code: await run(environment), text: stdout(), said: stderr() };
}

describe('check', () => {
  it('has colours on a terminal, and they change nothing else', async () => {
    const { text } = await check('router', { stdoutIsTerminal: true });
    expect(text.startsWith(`${ESCAPE}[1;31mNOT COMPLIANT${ESCAPE}[0m: `)).toBe(true);
    const plain = await check('router', {});
    expect(text.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]*m`, 'g'), '')).toBe(plain.text);
    expect(plain.text).not.toContain(ESCAPE);
  });

  it('has none with NO_COLOR, nor in JSON', async () => {
    expect((await check('router', { stdoutIsTerminal: true, noColor: true })).text).not.toContain(ESCAPE);
    expect((await check('router', { stdoutIsTerminal: true }, '--format=json')).text).not.toContain(ESCAPE);
  });

  it('gives as many interfaces rows in JSON as it is told to, those that fall short first', async () => {
    const { text } = await check('100-veths', {}, '--format=json', '--sysctl.interfaces-max=4');
    const { rows, rows_left_out, findings } = JSON.parse(text);
    const names = rows.map((row: { interface: string }) => row.interface);
    expect([...new Set(names)]).toEqual(['all', 'default', 'eth0', 'lo']);
    expect(rows_left_out).toBe(200);
    expect(findings[0].interfaces).toHaveLength(103);
  });

  it('looks only at the interfaces it is told to, and sets no other', async () => {
    const { text } = await check('100-veths', {}, '--sysctl.interface-exclude=^veth[1-9]');
    expect(text).not.toContain('conf/*/accept_source_route');
    expect(text).toContain('sudo sysctl -w net.ipv4.conf.veth0.accept_source_route=0');
    expect(text).not.toContain('conf.veth1.');
    expect(text).toContain('net.ipv4.conf.veth0.accept_source_route=0 \\\n');
    expect(text).not.toContain('conf.*.accept_source_route');
  });

  it('needs no sudo as root', async () => {
    const { environment, stdout } = makeEnvironment(['check', ...makeHost(HOSTS.router as Host)], { uid: 0 });
    await run(environment);
    expect(stdout()).toContain('\n    sysctl -w net.ipv4.conf.all.accept_source_route=0\n');
    expect(stdout()).not.toContain('sudo');
  });

  it.each([
    [['--format=xml'], 'srcroute-exporter: --format: Cannot use "xml": expected table or json\n'],
    [['--sysctl.policy=/nowhere.yml'], 'srcroute-exporter: --sysctl.policy: Cannot read /nowhere.yml: ENOENT\n'],
    [['--path.procfs='], 'srcroute-exporter: --path.procfs: Cannot use "": expected a path\n'],
    [['eth0'], 'srcroute-exporter: Unexpected argument "eth0": check takes flags only; see --help\n'],
  ])('ends with 2 and one line for %j', async (flags, message) => {
    expect(await check('router', {}, ...flags)).toEqual({ code: 2, text: '', said: message });
  });
});
