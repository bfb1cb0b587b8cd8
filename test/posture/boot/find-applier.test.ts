import { linkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findApplier } from '../../../src/posture/boot/find-applier.ts';
import { makeRoot } from '../make-proc.ts';
import { latin1, makeTree, type Tree } from './make-tree.ts';

const ETC: Tree = { '/etc/sysctl.d/99.conf': '' };
const SYSTEMD: Tree = { '/run/systemd/system': { directory: true } };
const DEVUAN: Tree = { '/etc/init.d/procps': '#!/bin/sh\n' };
const PROCPS: Tree = { '/usr/sbin/sysctl': '\x7fELF', '/sbin': { link: 'usr/sbin' } };
const BUSYBOX: Tree = { '/bin/busybox': '\x7fELF', '/sbin/sysctl': { link: '/bin/busybox' } };
const OPENRC: Tree = { '/etc/init.d/sysctl': '#!/sbin/openrc-run\n', '/etc/runlevels/boot': { directory: true } };
const ALPINE: Tree = { '/etc/alpine-release': '3.22.1\n', ...OPENRC };
const VOID: Tree = { '/etc/runit/1': '#!/bin/sh\n', '/etc/runit/core-services/08-sysctl.sh': '' };

const HOSTS: readonly (readonly [string, Tree, 'systemd' | 'procps' | RegExp])[] = [
  ['systemd', SYSTEMD, 'systemd'],
  ['systemd, whatever else is installed', { ...SYSTEMD, ...ALPINE, ...VOID, ...BUSYBOX }, 'systemd'],
  ['Devuan', { ...DEVUAN, ...PROCPS }, 'procps'],
  ['Devuan of which /etc alone is mounted', DEVUAN, 'procps'],
  ['Artix: OpenRC with procps', { ...OPENRC, ...PROCPS }, 'procps'],
  ['Artix of which /etc alone is mounted', OPENRC, 'procps'],
  ['an init of its own, with procps', PROCPS, 'procps'],
  ['Alpine', { ...ALPINE, ...BUSYBOX }, /Alpine/],
  ['Alpine with procps', { ...ALPINE, ...PROCPS }, /Alpine/],
  ['Alpine of which /etc alone is mounted', ALPINE, /Alpine/],
  ['a relative of Alpine', { '/etc/apk/world': '', ...OPENRC }, /Alpine/],
  ['Void', { ...VOID, ...PROCPS }, /runit/],
  ['Void of which /etc alone is mounted', VOID, /runit/],
  ['Devuan that boots with runit', { ...DEVUAN, ...PROCPS, '/etc/runit/1': '' }, /runit/],
  ['OpenWrt of which /etc alone is mounted', { '/etc/openwrt_release': '', '/etc/init.d/sysctl': '' }, /BusyBox/],
  ['BusyBox behind OpenRC', { ...OPENRC, ...BUSYBOX }, /BusyBox/],
  ['BusyBox by links that go a long way', { ...BUSYBOX, '/usr/sbin/sysctl': { link: '../../sbin/sysctl' } }, /BusyBox/],
  ['BusyBox outside of what is mounted', { '/usr/sbin/sysctl': { link: '/bin/busybox' }, ...OPENRC }, /BusyBox/],
  [
    'BusyBox by another name',
    { '/sbin/sysctl': { link: '../bin/busybox.static' }, '/bin/busybox.static': '' },
    /BusyBox/,
  ],
  [
    'Android',
    { '/system/bin/toybox': '', '/system/bin/sysctl': { link: 'toybox' }, '/bin': { link: '/system/bin' } },
    /Toybox/,
  ],
  ['nothing', {}, /^Nothing below --path\.rootfs shows /],
];

describe('findApplier', () => {
  it.each(HOSTS)('knows %s', (_, tree, expected) => {
    const root = makeRoot();
    makeTree(root, { ...ETC, ...tree });
    expect(findApplier(latin1(root))).toEqual(
      typeof expected === 'string'
        ? { applier: expected }
        : { applier: 'unknown', reason: expect.stringMatching(expected) },
    );
  });

  it.each(['/bin', '/usr/bin', '/sbin'])('knows BusyBox of %s by a hard link', (directory) => {
    const root = makeRoot();
    makeTree(root, { ...DEVUAN, [`${directory}/busybox`]: '\x7fELF', '/usr/sbin': { directory: true } });
    linkSync(`${root}${directory}/busybox`, `${root}/usr/sbin/sysctl`);
    expect(findApplier(latin1(root))).toMatchObject({ applier: 'unknown' });
  });

  it('follows no link out of the root', () => {
    const [outside, root] = [makeRoot(), makeRoot()];
    makeTree(outside, { '/sysctl': { link: '/bin/busybox' } });
    makeTree(root, { ...DEVUAN, '/sbin': { link: outside } });
    expect(findApplier(latin1(root))).toEqual({ applier: 'procps' });
  });
});
