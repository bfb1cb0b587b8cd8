import { expect, it } from 'vitest';
import { judgeDebugEvent } from '../../../src/posture/observability/judge-debug-event.ts';
import { parseKernelRelease } from '../../../src/posture/observability/kernel-release.ts';
import type { Control } from '../../../src/posture/observability/read-control.ts';

const listed = (flags: string | undefined): Control => ({
  path: '/proc/dynamic_debug/control',
  flags: { icmpv6_no_reply: flags, source_route_failed: '_' },
});
const none = (procfs: 'absent' | 'unreadable', debugfs: 'absent' | 'unmounted' | 'unreadable'): Control => ({
  path: undefined,
  procfs,
  debugfs,
});

const ON = '1 ';
const OFF = '0 dynamic_debug_off';
const ABSENT = '0 dynamic_debug_absent';
const UNKNOWN = '? ';

it.each<[string, Control, string, string]>([
  ['on', listed('p'), '6.1.0-56-amd64', ON],
  ['decorated', listed('pmflt'), '6.12.117', ON],
  ['with letters to come', listed('zp'), '9.0', ON],
  ['off', listed('_'), '6.1.0', OFF],
  ['decorated but off', listed('mflt'), '6.1.0', OFF],
  ['on, whatever the release', listed('p'), 'unknown', ON],
  ['off, whatever the release', listed('_'), 'unknown', OFF],
  // A vendor's old kernel whose message is a call site all the same.
  ['off in an old kernel', listed('_'), '3.10.0-1160.el7', OFF],
  ['not in the file', listed(undefined), '6.1.0', ABSENT],
  ['not in the file of an old kernel', listed(undefined), '3.18.140', ON],
  ['not in the file of an unknown kernel', listed(undefined), '', UNKNOWN],
  // Without a control file
  ['nowhere, by procfs alone', none('absent', 'unmounted'), '6.18.44', ABSENT],
  ['nowhere, by procfs alone', none('absent', 'unreadable'), '5.7', ABSENT],
  ['nowhere, with debugfs', none('absent', 'absent'), '5.6', ABSENT],
  ['nowhere, with debugfs', none('absent', 'absent'), '3.19', ABSENT],
  ['perhaps in debugfs', none('absent', 'unmounted'), '5.6.19', UNKNOWN],
  ['perhaps in debugfs', none('absent', 'unreadable'), '5.4.0-150-generic', UNKNOWN],
  ['perhaps in debugfs', none('absent', 'unmounted'), '3.19.0', UNKNOWN],
  ['perhaps in debugfs', none('absent', 'unreadable'), '3.16', UNKNOWN],
  ['in an old kernel', none('absent', 'unmounted'), '3.18', ON],
  ['in an old kernel', none('absent', 'absent'), '2.6.32-754.el6.x86_64', ON],
  ['in an unknown kernel', none('absent', 'absent'), 'unknown', UNKNOWN],
  ['unreadable', none('unreadable', 'absent'), '6.1.0', UNKNOWN],
  ['unreadable', none('unreadable', 'unmounted'), '3.16', UNKNOWN],
])('a call site %s (%j, release %s) is %s', (_what, control, release, expected) => {
  const { observable, reasons } = judgeDebugEvent('icmpv6_no_reply', control, parseKernelRelease(release), undefined);
  expect(`${observable ?? '?'} ${reasons.join()}`).toBe(expected);
});

it.each([
  [0, '3.16.0', none('absent', 'absent'), 0],
  [1, '3.16.0', none('absent', 'absent'), 1],
  [0, '3.16.0', listed(undefined), 0],
  [0, '6.1.0', listed('p'), 1],
])('net.core.warnings=%s matters before 3.19 only (%s, %j: %s)', (warnings, release, control, observable) => {
  expect(judgeDebugEvent('icmpv6_no_reply', control, parseKernelRelease(release), warnings)).toEqual({
    observable,
    reasons: [],
  });
});

it('looks at the line of its own event', () => {
  expect(judgeDebugEvent('source_route_failed', listed('p'), undefined, undefined).observable).toBe(0);
});
