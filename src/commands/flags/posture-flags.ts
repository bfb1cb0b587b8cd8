import type { Flag } from './flags.ts';

/** Where the posture of the host is read, and what is expected of it: the same for every command that looks. */
export const POSTURE_FLAGS = [
  {
    name: 'path.procfs',
    type: 'text',
    default: '/proc',
    value: 'PATH',
    help: 'Where procfs is mounted: sysctls, own addresses and dynamic debug are read there.',
  },
  {
    name: 'path.sysfs',
    type: 'text',
    default: '/sys',
    value: 'PATH',
    help: 'Where sysfs is mounted: it tells physical interfaces from virtual ones.',
  },
  {
    name: 'path.rootfs',
    type: 'text',
    default: '/',
    value: 'PATH',
    help: "Where the host's root is mounted: what a boot would apply (sysctl.d) is read there.",
  },
  {
    name: 'sysctl.policy',
    type: 'text',
    value: 'FILE',
    help: 'YAML file of the sysctls to read and the values they must have. Built in: accept_source_route must be 0 for IPv4 and at most 0 for IPv6.',
  },
  {
    name: 'sysctl.interface-include',
    type: 'text',
    value: 'REGEX',
    help: 'Look only at interfaces whose name matches (not anchored).',
  },
  {
    name: 'sysctl.interface-exclude',
    type: 'text',
    value: 'REGEX',
    help: 'Do not look at interfaces whose name matches (not anchored).',
  },
  {
    name: 'sysctl.interfaces-max',
    type: 'text',
    default: '64',
    value: 'N',
    help: 'Interfaces with rows of their own, all and default among them; every one is counted in srcroute_sysctl_interfaces.',
  },
] as const satisfies readonly Flag[];
