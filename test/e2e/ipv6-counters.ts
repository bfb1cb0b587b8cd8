import type { Namespace } from './namespace.ts';

/** The counters of a namespace's IPv6. */
export function counters(namespace: Namespace): ReadonlyMap<string, number> {
  const lines = namespace.run('cat', '/proc/net/snmp6').trim().split('\n');
  return new Map(lines.map((line) => line.split(/\s+/)).map(([name = '', value]) => [name, Number(value)]));
}

/** How much one of them has grown since. */
export function change(namespace: Namespace, before: ReadonlyMap<string, number>, name: string): number {
  return (counters(namespace).get(name) ?? NaN) - (before.get(name) ?? NaN);
}
