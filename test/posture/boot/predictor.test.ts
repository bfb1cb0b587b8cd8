import { describe, expect, it } from 'vitest';
import type { SysctlRule } from '../../../src/posture/policy/policy.ts';
import type { Prediction } from '../../../src/posture/prediction.ts';
import type { Tree } from './make-tree.ts';
import { predictAll, readTree, ruleOf } from './predictions.ts';

const FILE = '/etc/sysctl.d/a.conf';
const NAMES = ['all', 'default', 'lo', 'eth0'];
const kernelDefault = (value: number | undefined): Prediction => {
  return { value, origin: 'kernel_default', file: '', line: undefined };
};

function predicted(tree: Tree, rule: SysctlRule = ruleOf('ipv4'), names = NAMES): Record<string, Prediction> {
  return predictAll(readTree('systemd', tree), names, rule);
}

describe('predictions', () => {
  it('are the values of the kernel without a line', () => {
    expect(predicted({})).toEqual({
      all: kernelDefault(0),
      default: kernelDefault(1),
      lo: kernelDefault(1),
      eth0: kernelDefault(1),
    });
    expect(predicted({}, ruleOf('ipv6'))).toEqual(Object.fromEntries(NAMES.map((name) => [name, kernelDefault(0)])));
    expect(predicted({}, ruleOf('ipv4', 'forwarding')).eth0).toEqual(kernelDefault(undefined));
  });

  it('inherit from default, but not into lo', () => {
    const at = { file: FILE, line: 2 };
    const tree = { [FILE]: '# CIS\nnet.ipv4.conf.default.accept_source_route = 0\n' };
    expect(predicted(tree)).toEqual({
      all: kernelDefault(0),
      default: { value: 0, origin: 'explicit', ...at },
      lo: kernelDefault(1),
      eth0: { value: 0, origin: 'inherited', ...at },
    });
    expect(predicted(tree, ruleOf('ipv6')).eth0).toEqual(kernelDefault(0));
  });

  it('inherit a value that a glob gave to default', () => {
    const text = 'net.ipv4.conf.d*.accept_source_route = 3\n';
    expect(predicted({ [FILE]: text }).eth0).toEqual({ value: 3, origin: 'inherited', file: FILE, line: 1 });
  });

  it('inherit where a value is refused, which still keeps globs and earlier lines away', () => {
    const text =
      'net.ipv4.conf.default.accept_source_route=0\nnet.ipv4.conf.*.accept_source_route=2\n' +
      'net.ipv4.conf.eth0.accept_source_route=3\nnet.ipv4.conf.eth0.accept_source_route=0;\n';
    expect(predicted({ [FILE]: text })).toMatchObject({
      lo: { value: 2, origin: 'glob', line: 2 },
      eth0: { value: 0, origin: 'inherited', line: 1 },
    });
  });

  it('keep for procps what was written before a refused value', () => {
    const text = 'net.ipv4.conf.eth0.accept_source_route=3\nnet.ipv4.conf.eth0.accept_source_route=0;\n';
    const reading = readTree('procps', { [FILE]: text });
    expect(predictAll(reading, ['eth0'])).toEqual({ eth0: { value: 3, origin: 'explicit', file: FILE, line: 1 } });
  });

  it('name the line that stays in the map of systemd, and the last one of procps', () => {
    const text = 'net.ipv4.conf.eth0.accept_source_route=1\n\nnet/ipv4/conf/eth0/accept_source_route = 1\n';
    expect(predictAll(readTree('systemd', { [FILE]: text }), ['eth0']).eth0?.line).toBe(1);
    expect(predictAll(readTree('procps', { [FILE]: text }), ['eth0']).eth0?.line).toBe(3);
  });

  it('know names as bytes', () => {
    const text = 'net/ipv4/conf/b\xff/accept_source_route=2\nnet/ipv4/conf/\xe9?/accept_source_route=3\n';
    const values = predicted({ [FILE]: text }, ruleOf('ipv4'), ['b\xff', 'b\xfe', '\xe9\xe8', 'eth0']);
    expect(Object.values(values).map(({ value }) => value)).toEqual([2, 1, 3, 1]);
  });

  it('name a file by its path on the host', () => {
    const line = 'net.ipv4.conf.all.accept_source_route=0\n';
    const tree: Tree = { '/etc/sysctl.d/99-sysctl.conf': { link: '../sysctl.conf' }, '/etc/sysctl.conf': line };
    expect(predicted(tree).all?.file).toBe('/etc/sysctl.d/99-sysctl.conf');
    expect(predictAll(readTree('procps', tree), NAMES).all?.file).toBe('/etc/sysctl.conf');
    expect(predicted({ '/etc/sysctl.d/\xff.conf': line }).all?.file).toBe('/etc/sysctl.d/\\xff.conf');
  });

  it('are one for a sysctl that there is one of', () => {
    const rule = (directory: string, sysctl: string): SysctlRule => {
      return { family: 'ipv4', sysctl, directory, references: [] };
    };
    const { predict } = readTree('systemd', {
      [FILE]: 'net.ipv4.icmp_ratelimit = 100\nkernel.dmesg_restrict = yes\nnet.ipv4.icmp_echo_* = 0\n',
    });
    expect(predict(rule('net/ipv4', 'icmp_ratelimit'), [])).toEqual([
      { value: 100, origin: 'explicit', file: FILE, line: 1 },
    ]);
    expect(predict(rule('net/ipv4', 'icmp_echo_ignore_broadcasts'), [])).toMatchObject([{ value: 0, origin: 'glob' }]);
    expect(predict(rule('net/ipv4', 'icmp_ratemask'), [])).toEqual([kernelDefault(6_168)]);
    expect(predict(rule('kernel', 'dmesg_restrict'), [])).toEqual([kernelDefault(undefined)]);
  });

  it('are kept for the names of the last time only', () => {
    const { predict } = readTree('systemd', { [FILE]: 'net.ipv4.conf.*.accept_source_route=0\n' });
    const of = (...names: string[]) =>
      predict(
        ruleOf('ipv4'),
        names.map((name) => Buffer.from(name)),
      );
    const [first] = of('eth0', 'eth1');
    expect(of('eth0')[0]).toBe(first);
    const [, second] = of('eth0', 'eth1');
    expect(of('eth1')[0]).toBe(second);
    expect(of('eth0')[0]).not.toBe(first);
    expect(of('eth0')[0]).toEqual(first);
  });
});
