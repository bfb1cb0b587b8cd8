import type { ApplierRules } from './applier-rules.ts';
import { PROCPS } from './procps.ts';
import { SYSTEMD } from './systemd.ts';

/** What sets sysctls at boot: systemd-sysctl, or `sysctl --system` of procps. */
export type KnownApplier = 'systemd' | 'procps';

/** The same, or something else: then what a boot makes of the files cannot be told. */
export type BootApplier = KnownApplier | 'unknown';

/** The table of appliers. */
export const APPLIERS: Readonly<Record<KnownApplier, ApplierRules>> = { systemd: SYSTEMD, procps: PROCPS };
