/** The two trees below `/proc/sys/net` that have a `conf` directory with one entry per interface. */
export type Family = 'ipv4' | 'ipv6';

/** The family of a sysctl; the empty text is neither (`net/core`, `kernel`). */
export type SysctlFamily = Family | '';

/**
 * How the kernel makes the value it acts on from `all` and the interface's own: `and` and `or` are truth values,
 * `max` and `min` are numbers, `interface` looks at the interface alone, `redirects` is `and` where the interface
 * forwards and `or` where it does not (include/linux/inetdevice.h, net/ipv6/).
 */
export type Combine = 'and' | 'or' | 'max' | 'min' | 'interface' | 'redirects';

/** The values that are compliant: exactly one, one of a list, or a range with its ends in it. */
export type Expectation = number | readonly number[] | { readonly min?: number; readonly max?: number };

interface Rule {
  /** The last element of the path. */
  sysctl: string;
  /** Without one the value is shown and has no verdict. */
  expect?: Expectation | undefined;
  /** Free text for a person, such as `CIS Debian 12 3.3.8`. */
  references: readonly string[];
}

/** What one sysctl of one family should be, for `all`, `default` and every interface: `net/<family>/conf/<interface>/`. */
export interface InterfaceRule extends Rule {
  family: Family;
  combine: Combine;
}

/** What a sysctl should be that there is one of. */
export interface GlobalRule extends Rule {
  family: SysctlFamily;
  /** Where it stands below `/proc/sys`, such as `net/ipv6/icmp`. */
  directory: string;
  /** The value is no integer: it can be shown and not judged. */
  text?: boolean | undefined;
  combine?: undefined;
}

/** One line of a policy. One with `combine` is about interfaces. */
export type SysctlRule = InterfaceRule | GlobalRule;

/** Says whether a sysctl's value (a C int) is one that the policy expects. Throws nothing. */
export function complies(value: number, expect: Expectation): boolean {
  if (typeof expect === 'number') return value === expect;
  if (isList(expect)) return expect.includes(value);
  return value >= (expect.min ?? Number.NEGATIVE_INFINITY) && value <= (expect.max ?? Number.POSITIVE_INFINITY);
}

/**
 * The policy without a file: no source routing. IPv4 accepts when `all` and the interface both say so
 * (IN_DEV_SOURCE_ROUTE, include/linux/inetdevice.h). IPv6 takes the lower of the two (ipv6_rthdr_rcv,
 * net/ipv6/exthdrs.c), where a negative value refuses every routing header and is therefore stricter than 0.
 */
export const BUILT_IN_POLICY: readonly SysctlRule[] = [
  {
    family: 'ipv4',
    sysctl: 'accept_source_route',
    expect: 0,
    combine: 'and',
    references: ['CIS Debian 12 v1.1.0 3.3.8', 'CIS Debian 13 v1.0.0 3.3.1.14 and 3.3.1.15', 'RFC 7126'],
  },
  {
    family: 'ipv6',
    sysctl: 'accept_source_route',
    expect: { max: 0 },
    combine: 'min',
    references: ['CIS Debian 12 v1.1.0 3.3.8', 'CIS Debian 13 v1.0.0 3.3.2.5 and 3.3.2.6', 'RFC 5095'],
  },
];

// Array.isArray alone does not narrow a readonly array out of a union.
function isList(expect: Exclude<Expectation, number>): expect is readonly number[] {
  return Array.isArray(expect);
}
