import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serveConfig } from '../../../src/commands/config/serve-config.ts';
import { parseFlags, UsageError } from '../../../src/commands/flags/flags.ts';
import { SERVE_FLAGS } from '../../../src/commands/flags/serve-flags.ts';
import { BUILT_IN_POLICY } from '../../../src/posture/policy/policy.ts';
import { makeDirectory } from '../../input/follow.ts';

const config = (...argv: string[]) => serveConfig(parseFlags(argv, SERVE_FLAGS).values);

describe('serveConfig', () => {
  it('reads the defaults', () => {
    expect(config()).toMatchObject({
      listenAddresses: [{ host: undefined, port: 10_131 }],
      telemetryPath: '/metrics',
      maxRequests: 40,
      kmsg: '/dev/kmsg',
      files: [],
      from: 'end',
      logPrefixes: ['SRC ROUTE ATTEMPT: '],
      bounds: { maxSources: 100, expireAfterSeconds: 86_400, ipv4SubnetBits: 24, ipv6SubnetBits: 64 },
      stateFile: undefined,
      stateIntervalMs: 5_000,
      procfs: '/proc',
      sysfs: '/sys',
      rootfs: '/',
      policyFile: undefined,
      rules: BUILT_IN_POLICY,
      collectors: { sysctl: true, observability: true },
      interfaceInclude: undefined,
      interfaceExclude: undefined,
      maxInterfaces: 64,
      logEvents: false,
      logLevel: 'info',
      logFormat: 'logfmt',
    });
  });

  it('reads every flag', () => {
    expect(
      config(
        '--web.listen-address=127.0.0.1:1',
        '--web.listen-address=[::1]:65535',
        '--web.telemetry-path=/a/b-c_d.e~f',
        '--web.max-requests=0',
        '--input.kmsg=/k',
        '--input.file=/a',
        '--input.file=*.log',
        '--input.from=start',
        '--netfilter.log-prefix=ä',
        '--state.file=/s',
        '--state.interval=500ms',
        '--sources.max=10000',
        '--sources.expire-after=90s',
        '--sources.ipv4-subnet=0',
        '--sources.ipv6-subnet=128',
        '--path.procfs=/host/proc',
        '--path.sysfs=/host/sys',
        '--path.rootfs=/host',
        '--no-collector.observability',
        '--no-collector.sysctl',
        '--sysctl.interface-include=^eth\\d+$',
        '--sysctl.interface-exclude=veth',
        '--sysctl.interfaces-max=0',
        '--log.events',
        '--log.level=debug',
        '--log.format=json',
      ),
    ).toMatchObject({
      listenAddresses: [
        { host: '127.0.0.1', port: 1 },
        { host: '::1', port: 65_535 },
      ],
      telemetryPath: '/a/b-c_d.e~f',
      maxRequests: 0,
      kmsg: '/k',
      files: ['/a', '*.log'],
      from: 'start',
      logPrefixes: ['ä'],
      bounds: { maxSources: 10_000, expireAfterSeconds: 90, ipv4SubnetBits: 0, ipv6SubnetBits: 128 },
      stateFile: '/s',
      stateIntervalMs: 500,
      procfs: '/host/proc',
      sysfs: '/host/sys',
      rootfs: '/host',
      collectors: { sysctl: false, observability: false },
      interfaceInclude: /^eth\d+$/u,
      interfaceExclude: /veth/u,
      maxInterfaces: 0,
      logEvents: true,
      logLevel: 'debug',
      logFormat: 'json',
    });
  });

  it.each([
    ['/var/lib/a', [], '/var/lib/a/state.json'],
    ['/var/lib/a:/var/lib/b', [], '/var/lib/a/state.json'],
    ['', [], undefined],
    [undefined, [], undefined],
    ['/var/lib/a', ['--state.file=/x'], '/x'],
  ])('puts the state of the state directory %j with %j into %j', (directory, argv, file) => {
    expect(serveConfig(parseFlags(argv, SERVE_FLAGS).values, directory).stateFile).toBe(file);
  });

  it('knows the expected senders', () => {
    const { known } = config('--sources.known=192.0.2.0/24=scanner', '--sources.known=2001:db8::1=lab');
    expect(known.nameOf('192.0.2.9')).toBe('scanner');
    expect(known.nameOf('2001:db8::1')).toBe('lab');
  });

  it('takes a prefix of 127 bytes and none of 128, whatever the characters', () => {
    expect(config(`--netfilter.log-prefix=${'x'.repeat(127)}`).logPrefixes[0]).toHaveLength(127);
    expect(() => config(`--netfilter.log-prefix=${'x'.repeat(128)}`)).toThrow(UsageError);
    expect(config(`--netfilter.log-prefix=${'ä'.repeat(63)}`).logPrefixes[0]).toHaveLength(63);
    expect(() => config(`--netfilter.log-prefix=${'ä'.repeat(64)}`)).toThrow(UsageError);
  });

  it.each([
    [
      '--web.listen-address=10131',
      '--web.listen-address: Cannot parse listen address "10131": expected "host:port", "[ipv6]:port" or ":port" with a port from 0 to 65535',
    ],
    [
      '--web.telemetry-path=metrics',
      '--web.telemetry-path: Cannot use "metrics": expected a path such as /metrics, outside of /-/',
    ],
    [
      '--web.telemetry-path=/-/metrics',
      '--web.telemetry-path: Cannot use "/-/metrics": expected a path such as /metrics, outside of /-/',
    ],
    [
      '--web.telemetry-path=/a b',
      '--web.telemetry-path: Cannot use "/a b": expected a path such as /metrics, outside of /-/',
    ],
    [
      '--web.telemetry-path=/a?b',
      '--web.telemetry-path: Cannot use "/a?b": expected a path such as /metrics, outside of /-/',
    ],
    ['--web.telemetry-path=', '--web.telemetry-path: Cannot use "": expected a path such as /metrics, outside of /-/'],
    ['--web.max-requests=-1', '--web.max-requests: Cannot use "-1": expected a whole number from 0 to 1000000'],
    ['--web.max-requests=1e3', '--web.max-requests: Cannot use "1e3": expected a whole number from 0 to 1000000'],
    [
      '--web.max-requests=1000001',
      '--web.max-requests: Cannot use "1000001": expected a whole number from 0 to 1000000',
    ],
    ['--input.kmsg=', '--input.kmsg: Cannot use "": expected a path'],
    ['--input.file=', '--input.file: Cannot use "": expected a path'],
    ['--input.file=a\0b', '--input.file: Cannot use "a\0b": expected a path'],
    ['--input.from=middle', '--input.from: Cannot use "middle": expected end or start'],
    ['--input.from=', '--input.from: Cannot use "": expected end or start'],
    [
      '--netfilter.log-prefix=',
      '--netfilter.log-prefix: Cannot use "": expected 1 to 127 bytes that are not all blank',
    ],
    [
      '--netfilter.log-prefix=  ',
      '--netfilter.log-prefix: Cannot use "  ": expected 1 to 127 bytes that are not all blank',
    ],
    ['--sources.max=0', '--sources.max: Cannot use "0": expected a whole number from 1 to 10000'],
    ['--sources.max=10001', '--sources.max: Cannot use "10001": expected a whole number from 1 to 10000'],
    ['--sources.max=ten', '--sources.max: Cannot use "ten": expected a whole number from 1 to 10000'],
    ['--sources.max=1.5', '--sources.max: Cannot use "1.5": expected a whole number from 1 to 10000'],
    ['--sources.max= 5', '--sources.max: Cannot use " 5": expected a whole number from 1 to 10000'],
    [
      '--sources.known=scanner',
      '--sources.known: Cannot use "scanner": expected CIDR=name, such as 192.0.2.0/24=scanner or 2001:db8::/32=scanner',
    ],
    ['--sources.ipv4-subnet=33', '--sources.ipv4-subnet: Cannot use "33": expected a whole number from 0 to 32'],
    ['--sources.ipv6-subnet=129', '--sources.ipv6-subnet: Cannot use "129": expected a whole number from 0 to 128'],
    [
      '--sources.expire-after=5',
      '--sources.expire-after: Cannot use "5": expected a duration such as 500ms, 5s, 10m or 24h',
    ],
    ['--state.interval=0s', '--state.interval: Cannot use "0s": expected a duration such as 500ms, 5s, 10m or 24h'],
    ['--state.file=', '--state.file: Cannot use "": expected a path'],
    ['--path.procfs=', '--path.procfs: Cannot use "": expected a path'],
    ['--path.sysfs=', '--path.sysfs: Cannot use "": expected a path'],
    [
      '--sysctl.interfaces-max=-1',
      '--sysctl.interfaces-max: Cannot use "-1": expected a whole number from 0 to 100000',
    ],
    [
      '--sysctl.interface-include=(',
      '--sysctl.interface-include: Invalid regular expression: /(/u: Unterminated group',
    ],
    [
      '--sysctl.interface-exclude=[z-a]',
      '--sysctl.interface-exclude: Invalid regular expression: /[z-a]/u: Range out of order in character class',
    ],
    ['--sysctl.policy=/none/policy.yml', '--sysctl.policy: Cannot read /none/policy.yml: ENOENT'],
    ['--sysctl.policy=/', '--sysctl.policy: Cannot read /: EISDIR'],
    ['--sysctl.policy=', '--sysctl.policy: Cannot read : ENOENT'],
    ['--log.level=trace', '--log.level: Cannot use "trace": expected debug or info or warn or error'],
    ['--log.format=xml', '--log.format: Cannot use "xml": expected logfmt or json'],
  ])('refuses %s', (flag, message) => {
    expect(() => config(flag)).toThrow(new UsageError(message));
    expect(() => config(flag)).toThrow(UsageError);
  });

  it('names the file and the line of a policy that is wrong', () => {
    const file = `${makeDirectory()}/policy.yml`;
    writeFileSync(file, 'rules:\n  - sysctl: accept_source_route\n    expect: 0\n    colour: blue\n');
    expect(() => config(`--sysctl.policy=${file}`)).toThrow(
      new UsageError(
        `--sysctl.policy: ${file}:4: Unknown key "colour" of the rule: allowed is sysctl, family, expect, combine, references`,
      ),
    );
    writeFileSync(file, 'rules:\n  - {sysctl: accept_source_route, family: ipv4, expect: 0}\n');
    expect(config(`--sysctl.policy=${file}`).rules).toHaveLength(1);
  });

  it('refuses a policy that cannot be read', () => {
    expect(() => config('--sysctl.policy=/none')).toThrow(new UsageError('--sysctl.policy: Cannot read /none: ENOENT'));
  });
});
