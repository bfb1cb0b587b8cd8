import { effectiveValue } from '../posture/runtime/effective.ts';
import type { CheckRow } from './check-row.ts';

/**
 * The labels of the interfaces that accept source-routed IPv4 packets, or refuse them, as it stands or after a boot; IPv6 type 0 headers
 * are refused whatever is set. Takes any rows. What cannot be told is neither. Pure; throws nothing.
 */
export function takingSourceRoutes(
  rows: readonly CheckRow[],
  scope: 'runtime' | 'persisted',
  what: 'accepts' | 'refuses',
): string[] {
  const ours = rows.filter(({ family, sysctl }) => family === 'ipv4' && sysctl === 'accept_source_route');
  const all = ours.find((row) => row.interface === 'all')?.[scope]?.value;
  return ours
    .filter((row) => row.interface !== 'all' && row.interface !== 'default')
    .filter((row) => effectiveValue('and', all, row[scope]?.value) === (what === 'accepts' ? 1 : 0))
    .map((row) => row.interface);
}
