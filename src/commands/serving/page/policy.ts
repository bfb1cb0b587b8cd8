import { familyName } from '../../../check/render/names.ts';
import type { Snapshot } from '../../../exposition/snapshot.ts';
import type { InterfaceCount } from '../../../posture/runtime/runtime.ts';
import type { StatusTable } from '../../../web/site.ts';

const SCOPES = ['runtime', 'effective', 'persisted'] as const;

const AFTER_A_BOOT: Readonly<Record<NonNullable<Snapshot['bootApplier']> | 'undefined', string>> = {
  systemd: 'by the sysctl files, as systemd applies them',
  procps: 'by the sysctl files, as procps applies them',
  unknown: 'not known, because what applies the sysctl files of this host is unknown',
  undefined: 'by the sysctl files',
};

/** How many interfaces keep to each rule of the policy, in the three scopes. Pure. */
export function policy({ posture, bootApplier }: Snapshot): StatusTable {
  const counts = posture?.counts ?? [];
  const rules = [...new Set(counts.map(nameOf))];
  return {
    title: 'Policy',
    note: `Interfaces, every one counted. As the kernel acts: with the value of "all" taken in. After a boot: ${AFTER_A_BOOT[bootApplier ?? 'undefined']}.`,
    columns: ['Family and sysctl', 'As it stands', 'As the kernel acts', 'After a boot'],
    rows: rules.map((rule) => {
      const own = counts.filter((count) => nameOf(count) === rule);
      return [rule, ...SCOPES.map((scope) => inWords(own.filter((count) => count.scope === scope)))];
    }),
  };
}

function nameOf({ family, sysctl }: InterfaceCount): string {
  return `${familyName(family)} ${sysctl}`;
}

function inWords(counts: readonly InterfaceCount[]): string {
  const some = counts.filter(({ count }) => count > 0).map(({ verdict, count }) => `${count} ${verdict}`);
  return some.length === 0 ? 'no interface' : some.join(', ');
}
