import type { ApplierRules } from './applier-rules.ts';
import { PROCPS } from './procps.ts';
import { SYSTEMD } from './systemd.ts';

/** What sets sysctls at boot: systemd-sysctl, or `sysctl --system` of procps. */
export type BootApplier = 'systemd' | 'procps';

/** The table of appliers. */
export const APPLIERS: Readonly<Record<BootApplier, ApplierRules>> = { systemd: SYSTEMD, procps: PROCPS };
