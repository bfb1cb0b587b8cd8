import { describe, expect, it } from 'vitest';
import { controlFlags } from '../../../src/posture/observability/control-line.ts';
import { controlText } from './control-text.ts';

const both = (text: string) => {
  const control = Buffer.from(text, 'latin1');
  return [controlFlags(control, 'icmpv6_no_reply'), controlFlags(control, 'source_route_failed')];
};
const srf = (line: string) => controlFlags(Buffer.from(line), 'source_route_failed');

describe('controlFlags', () => {
  it.each(['5.10', '6.1'] as const)('reads the genuine lines of %s', (release) => {
    expect(both(controlText(release, 'off'))).toEqual(['_', '_']);
    expect(both(controlText(release, 'on'))).toEqual(['p', 'p']);
    expect(both(controlText(release, 'on').replaceAll('=p', '=pmflt'))).toEqual(['pmflt', 'pmflt']);
  });

  it('finds nothing in a file without the lines', () => {
    expect(both('')).toEqual([undefined, undefined]);
    expect(both('# filename:lineno [module]function flags format\n')).toEqual([undefined, undefined]);
  });

  it('finds one without the other: IPv6 may be a module that is not loaded', () => {
    const withoutIpv6 = controlText('6.1', 'on').replace(/^net\/ipv6.*\n/gm, '');
    expect(both(withoutIpv6)).toEqual([undefined, 'p']);
  });

  it.each([
    ['net/ipv4/icmp.c:967 [icmp]icmp_unreach =p "%pI4: Source Route Failed\\n" class:NAME', 'p'],
    ['net/ipv4/icmp.c:967 [icmp]icmp_unreach =p "%pI4: Source Route Failed', 'p'],
    ['/build/linux-6.1/net/ipv4/icmp.c:967 [icmp]icmp_unreach =_ "%pI4: Source Route Failed\\n"', '_'],
    ['net/ipv4/icmp.c:1 [icmp]icmp_unreach.part.0 =pmfltsdz "icmp: %pI4: Source Route Failed\\n"', 'pmfltsdz'],
    ['net/ipv4/icmp.c:967 [icmp]icmp_unreach =mf "%pI4: Source Route Failed\\n"', 'mf'],
    // Not the call site
    ['net/ipv4/tcp.c:967 [tcp]icmp_unreach =p "%pI4: Source Route Failed\\n"', undefined],
    ['subnet/ipv4/icmp.c:967 [icmp]icmp_unreach =p "%pI4: Source Route Failed\\n"', undefined],
    ['net/ipv4/icmpxc:967 [icmp]icmp_unreach =p "%pI4: Source Route Failed\\n"', undefined],
    ['net/ipv4/icmp.c:967 [icmp]icmp_unreach =p "%pI4: other" Source Route Failed', undefined],
    ['net/ipv4/icmp.c:967 [icmp]icmp_unreach "Source Route Failed', undefined],
    ['Source Route Failed', undefined],
  ])('of %s is %s', (line, expected) => {
    expect(srf(`first:1 [a]b =p "x"\n${line}\nlast:1 [a]b =p "x"\n`)).toBe(expected);
  });

  it('is on when one of several copies is', () => {
    const line = (flags: string) => `net/ipv4/icmp.c:1 [icmp]f =${flags} "%pI4: Source Route Failed\\n"\n`;
    expect(srf(line('_') + line('pm') + line('_'))).toBe('pm');
    expect(srf(line('_') + line('f'))).toBe('_');
  });
});
